// A batch of convolutions is one convolution: samples that share the weight are more rows, samples
// with weights of their own are groups of channels.

extension ConvolutionGeometry {
    /// So many convolutions side by side.
    func repeated(_ count: Int) -> ConvolutionGeometry {
        let (all, overflow) = groups.multipliedReportingOverflow(by: count)
        // Groups that no Int counts are refused with the operands, whose channels they do not divide.
        return ConvolutionGeometry(window: window, groups: overflow ? 0 : all)
    }
}

extension Batch {
    /// Calls `rule` with the rows of all samples of operand 0, [batch * rows, ...].
    func foldingRows(_ rule: (Tensor) -> Tensor) -> Tensor {
        let x = whole(0)
        let y = rule(x.flatten(startDim: 0, endDim: 1))
        return y.reshape([size, x.shape[1]] + y.shape.dropFirst())
    }

    /// The same for operations on [channels, ...] and [rows, channels, ...] alike, whose last
    /// `dims` dimensions are spatial.
    func foldingRows(_ dims: Int, _ rule: (Tensor) -> [Tensor]) -> [Tensor] {
        let x = whole(0)
        if rank(0) < dims + 2 { return rule(x) }
        return rule(x.flatten(startDim: 0, endDim: 1)).map { y in
            y.isPoisoned ? y : y.reshape([size, x.shape[1]] + y.shape.dropFirst())
        }
    }
}

extension Tensor {
    /// [batch, rows, channels, ...] as [rows, batch * channels, ...].
    func joiningChannels() -> Tensor { transpose(0, 1).flatten(startDim: 1, endDim: 2) }

    /// The inverse of `joiningChannels`.
    func splittingChannels(_ count: Int) -> Tensor {
        if isPoisoned || ndim < 2 { return self }
        let channels = shape[1] / Swift.max(count, 1)
        return reshape([shape[0], count, channels] + shape.dropFirst(2)).transpose(0, 1)
    }

    /// A batch of results plus the bias, operand 2 of `inputs`.
    func adding(_ bias: Tensor?, _ inputs: Batch) -> Tensor {
        guard let bias, !isPoisoned else { return self }
        let ones = [Int](repeating: 1, count: ndim - 3)
        let lead = inputs.isBatched(2) ? [inputs.size, 1] : []
        return self + bias.reshape(lead + [shape[2]] + ones)
    }
}
