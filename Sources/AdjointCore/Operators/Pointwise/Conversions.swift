// Conversions by the names of the types, as PyTorch has them. Each is `to(_:)`.

extension Tensor {
    /// This tensor as booleans: false for 0. Same as `torch.Tensor.bool`.
    public func bool() -> Tensor { to(.bool) }
    /// This tensor in float64. Same as `torch.Tensor.double`.
    public func double() -> Tensor { to(.float64) }
    /// This tensor in float32. Same as `torch.Tensor.float`.
    public func float() -> Tensor { to(.float32) }
    /// This tensor in float16. Same as `torch.Tensor.half`.
    public func half() -> Tensor { to(.float16) }
    /// This tensor in bfloat16. Same as `torch.Tensor.bfloat16`.
    public func bfloat16() -> Tensor { to(.bfloat16) }
    /// This tensor in int64, cut off towards zero. Same as `torch.Tensor.long`.
    public func long() -> Tensor { to(.int64) }
    /// This tensor in int32, cut off towards zero. Same as `torch.Tensor.int`.
    public func int() -> Tensor { to(.int32) }
    /// This tensor in int16, cut off towards zero. Same as `torch.Tensor.short`.
    public func short() -> Tensor { to(.int16) }
    /// This tensor in the dtype of `other`. Same as `torch.Tensor.type_as`.
    public func typeAs(_ other: Tensor) -> Tensor { to(other.dtype) }
}
