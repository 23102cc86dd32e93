"""Generation: the contract, the clients, the model library, the engine with its one GPU thread. No Qt."""
