/// The value of a scalar function, and its Hessian times `v`: forward mode over reverse mode.
///
/// - Errors: `.shape` unless `v` has the shape of `x`.
public func hvp(
    _ f: @escaping (Tensor) -> Tensor, _ x: Tensor, _ v: Tensor
) -> (value: Tensor, product: Tensor) {
    if let poison = refused("hvp", x, v) { return (poison, poison) }
    return (f(x), jvp(grad(f), x, v).tangent)
}

/// The value of a scalar function, and `v` times its Hessian: reverse mode over reverse mode.
///
/// - Errors: `.shape` unless `v` has the shape of `x`.
public func vhp(
    _ f: @escaping (Tensor) -> Tensor, _ x: Tensor, _ v: Tensor
) -> (value: Tensor, product: Tensor) {
    if let poison = refused("vhp", x, v) { return (poison, poison) }
    return (f(x), vjp(grad(f), x).pullback(v))
}

private func refused(_ operation: String, _ x: Tensor, _ v: Tensor) -> Tensor? {
    if v.sizes == x.sizes { return nil }
    return Failure.poison(
        TensorError(
            .shape, "v has an invalid size: should be \(x.shape) but got \(v.shape)",
            operation: operation), like: x.sizes, x.dtype)
}

/// The value of `f` at `x`, and its derivative there as a linear function of the direction. `f`
/// runs once, however many directions follow: the derivative is the transpose of the function
/// that pulls cotangents back, which is itself linear.
public func linearize(
    _ f: @escaping (Tensor) -> Tensor, _ x: Tensor
) -> (value: Tensor, jvp: (Tensor) -> Tensor) {
    let traced = Traced([x])
    let value = enableGrad { f(traced.inputs[0]) }
    let zero = { Tensor.zeros(value.shape, dtype: value.dtype, device: value.device) }
    guard value.requiresGrad else { return (value, { _ in zero() }) }
    let cotangent = zero().requiresGrad_()
    let pulled = enableGrad {
        grads(
            of: [value], wrt: traced.inputs, gradients: [cotangent], createGraph: true,
            unused: .zeros)[0]!
    }
    guard pulled.requiresGrad else { return (value.outputAlias, { _ in zero() }) }
    return (
        value.outputAlias,
        { direction in
            if let poison = refused("linearize", x, direction) { return poison }
            return grads(
                of: [pulled], wrt: [cotangent], gradients: [direction], retainGraph: true,
                unused: .zeros)[0]!
        }
    )
}
