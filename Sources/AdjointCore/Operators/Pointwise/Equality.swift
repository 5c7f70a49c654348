// Two tensors compared as wholes.

extension Tensor {
    /// True where shape and all elements are the same; NaN equals nothing. Same as `torch.equal`.
    ///
    /// - Errors: `.device` for tensors without data.
    public func equal(_ other: Tensor) -> Bool {
        if isPoisoned || other.isPoisoned { return false }
        return sizes == other.sizes && noGrad { (self .== other).all().item(as: Bool.self) }
    }

    /// True where all elements are close: |self - other| ≤ atol + rtol |other|. The shapes
    /// broadcast. Same as `torch.allclose`.
    ///
    /// - Errors: `.shape` where the two do not broadcast, `.device` for tensors without data.
    public func allclose(
        _ other: Tensor, rtol: Double = 1e-5, atol: Double = 1e-8, equalNaN: Bool = false
    ) -> Bool {
        let near = isclose(other, rtol: rtol, atol: atol, equalNaN: equalNaN)
        return !near.isPoisoned && near.all().item(as: Bool.self)
    }

    /// True where an element is one of those of `elements`. Same as `torch.isin`.
    ///
    /// - Parameters:
    ///   - elements: What is looked for, of any shape.
    ///   - assumeUnique: taken for PyTorch's sake; the result is the same without it.
    ///   - invert: true for the elements that are not among them.
    public func isin(_ elements: Tensor, assumeUnique: Bool = false, invert: Bool = false)
        -> Tensor
    {
        if isPoisoned || elements.isPoisoned { return Tensor.poisoned(sizes, .bool) }
        let common = promotedType(self, elements)
        let (x, among) = (detach().to(common), elements.detach().to(common).reshape(-1))
        if among.numel == 0 { return Tensor.full(shape, invert, dtype: .bool, device: device) }
        let line = among.sort().values
        let places = line.searchsorted(x).clamp(max: among.numel - 1)
        let found = line.take(places)
        return invert ? found .!= x : found .== x
    }
}
