public import AdjointCore

/// Applies the layers of `model` to `x` in `segments` parts, each checkpointed except the last:
/// the backward pass runs them again instead of keeping what they save.
///
/// - Errors: `.argument` unless there are from 1 to `model.count` segments.
public func checkpointSequential(_ model: Sequential, segments: Int, _ x: Tensor) -> Tensor {
    checkpointSequential(
        model.layers.map { layer in { @Sendable x in layer.hooked(x) } }, segments: segments, x)
}
