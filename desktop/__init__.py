"""The Qt application, and the one place where a document meets a generation request."""
