"""What changes a loaded model for one job: LoRAs, words, another VAE, control pictures, references."""
