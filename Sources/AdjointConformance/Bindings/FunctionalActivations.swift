import AdjointCore

extension Calls {
    /// Activation functions, embedding and attention.
    mutating func addActivations() {
        functional("celu") { [celu(try $0.tensor(0), alpha: try $0.double(1, "alpha", or: 1))] }
        functional("elu") { [elu(try $0.tensor(0), alpha: try $0.double(1, "alpha", or: 1))] }
        functional("gelu") {
            let name = try $0.text(1, "approximate") ?? "none"
            return [gelu(try $0.tensor(0), approximate: name == "tanh" ? .tanh : .none)]
        }
        functional("glu") { [glu(try $0.tensor(0), dim: try $0.int(1, "dim", or: -1))] }
        functional("hardshrink") {
            [hardshrink(try $0.tensor(0), lambd: try $0.double(1, "lambd", or: 0.5))]
        }
        functional("hardsigmoid") { [hardsigmoid(try $0.tensor(0))] }
        functional("hardswish") { [hardswish(try $0.tensor(0))] }
        functional("hardtanh") {
            [
                hardtanh(
                    try $0.tensor(0), minVal: try $0.double(1, "min_val", or: -1),
                    maxVal: try $0.double(2, "max_val", or: 1))
            ]
        }
        functional("leaky_relu") {
            let slope = try $0.double(1, "negative_slope", or: 0.01)
            return [leakyRelu(try $0.tensor(0), negativeSlope: slope)]
        }
        functional("logsigmoid") { [logSigmoid(try $0.tensor(0))] }
        functional("mish") { [mish(try $0.tensor(0))] }
        functional("prelu") { [prelu(try $0.tensor(0), try $0.tensor(1, "weight"))] }
        functional("relu") { [relu(try $0.tensor(0))] }
        functional("relu6") { [relu6(try $0.tensor(0))] }
        functional("selu") { [selu(try $0.tensor(0))] }
        functional("silu") { [silu(try $0.tensor(0))] }
        functional("softmin") {
            $0.ignore("_stacklevel")
            return [
                softmin(
                    try $0.tensor(0), dim: try $0.int(1, "dim", or: -1),
                    dtype: try $0.dtype(nil, "dtype"))
            ]
        }
        functional("softplus") {
            [
                softplus(
                    try $0.tensor(0), beta: try $0.double(1, "beta", or: 1),
                    threshold: try $0.double(2, "threshold", or: 20))
            ]
        }
        functional("softshrink") {
            [softshrink(try $0.tensor(0), lambd: try $0.double(1, "lambd", or: 0.5))]
        }
        functional("softsign") { [softsign(try $0.tensor(0))] }
        functional("tanhshrink") { [tanhshrink(try $0.tensor(0))] }
        functional("threshold") {
            let bound = try $0.double(1, "threshold", or: 0)
            return [threshold(try $0.tensor(0), bound, try $0.double(2, "value", or: 0))]
        }
        addTables()
    }

    private mutating func addTables() {
        // The database gives the table first.
        functional("embedding") {
            $0.ignore("sparse")
            return [
                embedding(
                    try $0.tensor(1), try $0.tensor(0), paddingIndex: try $0.int(2, "padding_idx"),
                    maxNorm: try $0.double(3, "max_norm"),
                    normType: try $0.double(4, "norm_type", or: 2),
                    scaleGradByFreq: try $0.bool(5, "scale_grad_by_freq"))
            ]
        }
        functional("one_hot") {
            let count = try $0.int(1, "num_classes", or: -1)
            return [oneHot(try $0.tensor(0), numClasses: count == -1 ? nil : count)]
        }
        functional("scaled_dot_product_attention") {
            [
                scaledDotProductAttention(
                    try $0.tensor(0), try $0.tensor(1, "key"), try $0.tensor(2, "value"),
                    mask: try $0.optionalTensor(3, "attn_mask"),
                    dropoutP: try $0.double(4, "dropout_p", or: 0),
                    isCausal: try $0.bool(5, "is_causal"), scale: try $0.double(nil, "scale"),
                    enableGQA: try $0.bool(nil, "enable_gqa"))
            ]
        }
    }
}
