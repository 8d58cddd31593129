"""Makes the model beside it, in the form of Omnilingual ASR: it hears "ja" in each stretch of sound that is loud.

Run in an environment that has `onnx` and `numpy`: python tests/listening/make_model.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

TOKENS = ("<blk>", "<s>", "</s>", "ja")
FRAME = 320
"""Samples for which the real model gives one row of chances, too."""
META = {"model_type": "omnilingual-asr", "vocab_size": str(len(TOKENS)), "subsampling_factor": str(FRAME)}


def model() -> onnx.ModelProto:
    """x (batch, samples) -> the mean loudness of each frame, as the chance of "ja" against that of nothing."""
    weights = np.zeros((len(TOKENS), 1, FRAME), np.float32)
    weights[-1] = 1 / FRAME
    bias = np.array([0.5, -9, -9, 0], np.float32)
    nodes = [
        helper.make_node("Abs", ["x"], ["loud"]),
        helper.make_node("Unsqueeze", ["loud", "one"], ["channel"]),
        helper.make_node("Conv", ["channel", "weights", "bias"], ["rows"], strides=[FRAME], kernel_shape=[FRAME]),
        helper.make_node("Transpose", ["rows"], ["logits"], perm=[0, 2, 1]),
    ]
    graph = helper.make_graph(
        nodes,
        "ja",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", "T"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", "F", len(TOKENS)])],
        [
            helper.make_tensor("one", TensorProto.INT64, [1], [1]),
            helper.make_tensor("weights", TensorProto.FLOAT, weights.shape, weights.flatten()),
            helper.make_tensor("bias", TensorProto.FLOAT, bias.shape, bias),
        ],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    for key, value in META.items():
        made.metadata_props.add(key=key, value=value)
    return made


if __name__ == "__main__":
    folder = Path(__file__).parent
    onnx.save(model(), str(folder / "model.onnx"))
    rows = (f"{token} {number}\n" for number, token in enumerate(TOKENS))
    (folder / "tokens.txt").write_text("".join(rows), encoding="utf-8")
