"""What only training needs: torch, transformers and onnx, which the extra ``diplotext[training]`` installs.

Nothing that runs on a user's articles imports this room.
"""
