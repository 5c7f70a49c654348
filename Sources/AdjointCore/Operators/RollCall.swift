/// Every operation, by family. Adding one takes its room, and a line here: the
/// sweeps, the documentation and the benchmarks read these lists.
public enum RollCall {
    public static var all: [any AnyOperator.Type] {
        pointwise + reduction + movement + linearAlgebra + indexing + networks
    }
}

extension RollCall {
    static let pointwise: [any AnyOperator.Type] = [
        Add.self,
        Exp.self,
        Mul.self,
    ]

    static let reduction: [any AnyOperator.Type] = [
        Sum.self
    ]

    static let movement: [any AnyOperator.Type] = [
        AsStrided.self,
        Cast.self,
        Clone.self,
        Copy.self,
        Expand.self,
        Permute.self,
        Select.self,
        Slice.self,
        SliceBackward.self,
        Squeeze.self,
        StridedGather.self,
        StridedRead.self,
        StridedScatter.self,
        Unsqueeze.self,
        View.self,
    ]

    static let linearAlgebra: [any AnyOperator.Type] = [
        MatMul.self
    ]

    static let indexing: [any AnyOperator.Type] = []

    static let networks: [any AnyOperator.Type] = [
        Affine.self,
        AvgPool.self,
        AvgPoolGradient.self,
        Convolution.self,
        ConvolutionInputGradient.self,
        ConvolutionWeightGradient.self,
        Embedding.self,
        EmbeddingGradient.self,
        MaxPool.self,
        PlaneGather.self,
        PlaneScatter.self,
    ]
}
