import CAdjoint

extension CPU {
    /// The loss of logits [n, classes] against class numbers, summed or over the number of rows
    /// that are not ignored, and the log-softmax.
    static func crossEntropy(
        _ logits: Block, _ targets: Block, ignore: Int, isMean: Bool, into loss: Block,
        _ logSoftmax: Block
    ) throws(TensorError) {
        let (n, classes) = (logits.sizes[0], logits.sizes[1])
        if classes == 0 { return fill(loss, .float(isMean ? .nan : 0)) }
        let at = try dense(targets, .int64)
        let dtype = logSoftmax.dtype
        let source = try dense(logits, dtype)
        var count = 0
        try writing(loss, as: dtype) {
            if dtype == .float64 {
                adj_cross_entropy_forward_f64(
                    source.elements(), at.elements(), n, classes, Int64(ignore), $0.elements(),
                    logSoftmax.elements(), &count)
                if isMean { $0.elements(Double.self)[0] /= Double(count) }
            } else {
                adj_cross_entropy_forward_f32(
                    source.elements(), at.elements(), n, classes, Int64(ignore), $0.elements(),
                    logSoftmax.elements(), &count)
                if isMean { $0.elements(Float.self)[0] /= Float(count) }
            }
        }
    }

    /// The gradient of the logits: g (softmax - one-hot), over the count for a mean; 0 in rows
    /// that are ignored.
    static func crossEntropyGradient(
        _ gradient: Block, _ logSoftmax: Block, _ targets: Block, ignore: Int, isMean: Bool,
        into output: Block
    ) throws(TensorError) {
        if output.numel == 0 { return }
        let (n, classes) = (logSoftmax.sizes[0], logSoftmax.sizes[1])
        let at = try dense(targets, .int64)
        let dtype = logSoftmax.dtype
        let source = try dense(logSoftmax, dtype)
        var scale = decode(gradient.dtype, gradient.pointer!).double
        if isMean {
            let labels = at.elements(Int64.self)
            scale /= Double((0..<n).count { labels[$0] != Int64(ignore) })
        }
        try writing(output, as: dtype) {
            if dtype == .float64 {
                adj_cross_entropy_backward_f64(
                    source.elements(), at.elements(), n, classes, Int64(ignore), scale,
                    $0.elements())
            } else {
                adj_cross_entropy_backward_f32(
                    source.elements(), at.elements(), n, classes, Int64(ignore), Float(scale),
                    $0.elements())
            }
        }
    }

    /// Refuses classes that are neither `ignore` nor in `0..<classes`.
    static func checkClasses(_ targets: Block, _ classes: Int, ignore: Int) throws(TensorError) {
        let dense = try dense(targets, .int64)
        let at = dense.elements(Int64.self)
        for i in 0..<dense.numel
        where (at[i] < 0 || at[i] >= classes) && at[i] != Int64(ignore) {
            throw TensorError(
                .index,
                "target \(at[i]) is out of bounds for \(classes) classes, 0 to \(classes - 1) "
                    + "(and \(ignore), which is ignored)")
        }
    }
}
