// Activation functions that are a choice between two formulas, without a rule of their own.

extension Tensor {
    /// `x` where |x| is above `lambd`, 0 elsewhere. Same as `torch.nn.functional.hardshrink`.
    ///
    /// - Errors: `.dtype` for integers and booleans.
    public func hardshrink(lambd: Double = 0.5) -> Tensor {
        refusedUnlessFloating("hardshrink") ?? Tensor.where(abs() .<= lambd, 0, self)
    }

    /// `x` moved towards 0 by `lambd`, and 0 where it does not reach so far. Same as
    /// `torch.nn.functional.softshrink`.
    ///
    /// - Errors: `.dtype` for integers and booleans, `.argument` for a negative `lambd`.
    public func softshrink(lambd: Double = 0.5) -> Tensor {
        if !(lambd >= 0) {
            return Failure.poison(
                TensorError(
                    .argument, "lambd must not be negative, but is \(lambd)",
                    operation: "softshrink"), like: sizes, dtype)
        }
        return refusedUnlessFloating("softshrink")
            ?? Tensor.where(abs() .<= lambd, 0, self - sign() * lambd)
    }

    /// `x` where it is above `threshold`, `value` elsewhere. Same as
    /// `torch.nn.functional.threshold`.
    public func threshold(_ threshold: Double, _ value: Double) -> Tensor {
        // Whole numbers stay whole, and the number counts as one of them.
        dtype.isFloatingPoint
            ? Tensor.where(self .<= threshold, value, self)
            : Tensor.where(
                self .<= threshold, Tensor(Scalar.float(value).int).to(dtype).to(device), self)
    }
    /// Writes `value` over each element that is not above `threshold`.
    @discardableResult
    public func threshold_(_ threshold: Double, _ value: Double) -> Tensor {
        copy_(self.threshold(threshold, value))
    }

    /// `x` where it is positive, `weight` times `x` elsewhere; the weight is one number, or one a
    /// channel (dimension 1). Same as `torch.nn.functional.prelu`.
    ///
    /// - Errors: `.shape` where the weight is neither, `.dtype` for integers and booleans.
    public func prelu(_ weight: Tensor) -> Tensor {
        if let refused = refusedUnlessFloating("prelu") { return refused }
        let channels = ndim < 2 ? 1 : shape[1]
        if weight.ndim > 1 || (weight.numel != 1 && weight.numel != channels) {
            return Failure.poison(
                TensorError(
                    .shape,
                    "expected one weight, or one for each of \(channels) channels, but got shape "
                        + "\(weight.shape)", operation: "prelu"), like: sizes, dtype)
        }
        let column = ndim < 2 ? [] : (0..<ndim).map { $0 == 1 ? weight.numel : 1 }
        return Tensor.where(self .> 0, self, self * weight.reshape(column))
    }

    /// `x` where it is positive, a multiple of it elsewhere: in training by a number between
    /// `lower` and `upper` that is drawn for each element, otherwise by their mean. Same as
    /// `torch.nn.functional.rrelu`.
    ///
    /// - Errors: `.argument` where the bounds are not in order, `.dtype` for integers and booleans.
    public func rrelu(
        lower: Double = 1.0 / 8, upper: Double = 1.0 / 3, training: Bool = false
    ) -> Tensor {
        if let refused = refusedUnlessFloating("rrelu") { return refused }
        if !(lower <= upper) {
            return Failure.poison(
                TensorError(
                    .argument, "the bounds \(lower) and \(upper) are not in order",
                    operation: "rrelu"), like: sizes, dtype)
        }
        if !training { return leakyRelu(negativeSlope: (lower + upper) / 2) }
        let slopes = Tensor.rand(shape, dtype: dtype, device: device) * (upper - lower) + lower
        return Tensor.where(self .> 0, self, self * slopes)
    }

    /// What is given for a tensor that is not floating-point: an error; nil for one that is.
    func refusedUnlessFloating(_ operation: String) -> Tensor? {
        if dtype.isFloatingPoint { return nil }
        return Failure.poison(
            TensorError(.dtype, "not implemented for \(dtype) tensors", operation: operation),
            like: sizes, dtype)
    }
}
