extension Tensor {
    /// Writes what `body` computes over this tensor's elements: PyTorch's `out=`, for every
    /// operation. `c.assign { a.matmul(b) }`. Views of this tensor see the new elements.
    ///
    /// - Errors: `.autograd` where the result, or this tensor, requires a gradient while operations
    ///   are recorded; `.shape` where the result's shape is another one; `.dtype` where its dtype is
    ///   of a higher kind, such as a float for an integer tensor. Nothing is written then.
    @discardableResult
    public func assign(_ body: () throws -> Tensor) rethrows -> Tensor {
        let result = try body()
        if result.isPoisoned { return self }
        if let error = refusal(of: result) {
            Failure.raise(error)
            return self
        }
        return copy_(result)
    }

    private func refusal(of result: Tensor) -> TensorError? {
        if isGradEnabled && (result.requiresGrad || requiresGrad) {
            return TensorError(
                .autograd,
                "assign(): functions with out=... arguments don't support automatic "
                    + "differentiation, but one of the arguments requires grad; compute under "
                    + "noGrad, or use copy_", operation: "assign")
        }
        if result.sizes != sizes {
            return TensorError(
                .shape,
                "the result has shape \(result.shape), and the tensor that it is written to "
                    + "\(shape); the two must be equal", operation: "assign")
        }
        if result.dtype.category.rawValue > dtype.category.rawValue {
            return TensorError(
                .dtype,
                "result type \(result.dtype) can't be cast to the desired output type "
                    + "\(dtype)", operation: "assign")
        }
        return nil
    }
}
