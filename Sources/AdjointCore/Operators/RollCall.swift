/// Every operation, by family. Adding one takes its room, and a line here: the
/// sweeps, the documentation and the benchmarks read these lists.
public enum RollCall {
    public static var all: [any AnyOperator.Type] {
        pointwise + reduction + movement + linearAlgebra + indexing + networks
    }
}

extension RollCall {
    static let pointwise: [any AnyOperator.Type] = [
        Abs.self,
        Acos.self,
        Acosh.self,
        Add.self,
        Asin.self,
        Asinh.self,
        Atan.self,
        Atanh.self,
        BitwiseAnd.self,
        BitwiseNot.self,
        BitwiseOr.self,
        BitwiseXor.self,
        Ceil.self,
        Cos.self,
        Cosh.self,
        Div.self,
        DivRounded.self,
        Equal.self,
        Erf.self,
        Erfc.self,
        Exp.self,
        Exp2.self,
        Expm1.self,
        Floor.self,
        Frac.self,
        Greater.self,
        GreaterEqual.self,
        IsFinite.self,
        IsInf.self,
        IsNaN.self,
        Less.self,
        LessEqual.self,
        Log.self,
        Log10.self,
        Log1p.self,
        Log2.self,
        LogSigmoid.self,
        LogicalAnd.self,
        LogicalNot.self,
        LogicalOr.self,
        LogicalXor.self,
        Mish.self,
        Mul.self,
        Neg.self,
        NotEqual.self,
        Pow.self,
        PowScalar.self,
        Reciprocal.self,
        Relu.self,
        Rsqrt.self,
        Sigmoid.self,
        Sign.self,
        Silu.self,
        Sin.self,
        Sinh.self,
        Softplus.self,
        Sqrt.self,
        Sub.self,
        Tan.self,
        Tanh.self,
        Trunc.self,
        Where.self,
    ]

    static let reduction: [any AnyOperator.Type] = [
        AMax.self,
        AMin.self,
        ArgMax.self,
        ArgMin.self,
        LogSoftmax.self,
        LogSoftmaxBackward.self,
        Max.self,
        MaxAlong.self,
        Mean.self,
        Min.self,
        MinAlong.self,
        Softmax.self,
        SoftmaxBackward.self,
        Sum.self,
        TieShares.self,
    ]

    static let movement: [any AnyOperator.Type] = [
        AsStrided.self,
        Bernoulli.self,
        Cast.self,
        Cat.self,
        Clone.self,
        Copy.self,
        Expand.self,
        Permute.self,
        RandomFill.self,
        Select.self,
        Slice.self,
        SliceBackward.self,
        Squeeze.self,
        Stack.self,
        StridedGather.self,
        StridedRead.self,
        StridedScatter.self,
        Unsqueeze.self,
        View.self,
    ]

    static let linearAlgebra: [any AnyOperator.Type] = [
        MatMul.self
    ]

    static let indexing: [any AnyOperator.Type] = [
        FlatPositions.self,
        Gather.self,
        GatherBackward.self,
        IndexAdd.self,
        IndexPut.self,
        IndexSelect.self,
        IndexSelectBackward.self,
        Nonzero.self,
    ]

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
