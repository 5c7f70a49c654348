/// The value of a scalar function, and its Hessian times `v`: forward mode over reverse mode.
///
/// - Errors: `.shape` unless `v` has the shape of `x`; `.autograd` unless `f` returns one number.
public func hvp(
    _ f: @escaping (Tensor) -> Tensor, _ x: Tensor, _ v: Tensor
) -> (value: Tensor, product: Tensor) {
    let (value, products) = Products.forward({ f($0[0]) }, [x], [v])
    return (value, products[0])
}

/// The same for a function of a structure of tensors; `v` and the product have that structure.
///
/// - Errors: `.argument` where `v` has another structure.
@_disfavoredOverload
public func hvp<P: TensorTree>(
    _ f: @escaping (P) -> Tensor, _ p: P, _ v: P
) -> (value: Tensor, product: P) {
    if let poison = Products.refused("hvp", p, v) { return (poison, p.holding([])) }
    let (value, products) = Products.forward({ f(p.holding($0)) }, p.tensors, v.tensors)
    return (value, p.holding(products))
}

/// The value of a scalar function, and `v` times its Hessian: reverse mode over reverse mode.
///
/// - Errors: `.shape` unless `v` has the shape of `x`; `.autograd` unless `f` returns one number.
public func vhp(
    _ f: @escaping (Tensor) -> Tensor, _ x: Tensor, _ v: Tensor
) -> (value: Tensor, product: Tensor) {
    let (value, products) = Products.reverse({ f($0[0]) }, [x], [v])
    return (value, products[0])
}

/// The same for a function of a structure of tensors; `v` and the product have that structure.
///
/// - Errors: `.argument` where `v` has another structure.
@_disfavoredOverload
public func vhp<P: TensorTree>(
    _ f: @escaping (P) -> Tensor, _ p: P, _ v: P
) -> (value: Tensor, product: P) {
    if let poison = Products.refused("vhp", p, v) { return (poison, p.holding([])) }
    let (value, products) = Products.reverse({ f(p.holding($0)) }, p.tensors, v.tensors)
    return (value, p.holding(products))
}

/// The value of `f` at `x`, and its derivative there as a linear function of the direction. `f`
/// runs once, however many directions follow: the derivative is the transpose of the function
/// that pulls cotangents back, which is itself linear.
///
/// - Errors: in the derivative, `.shape` unless the direction has the shape of `x`.
public func linearize(
    _ f: @escaping (Tensor) -> Tensor, _ x: Tensor
) -> (value: Tensor, jvp: (Tensor) -> Tensor) {
    let (values, push) = Products.linearize({ [f($0[0])] }, [x])
    return (values[0], { push([$0])[0] })
}

/// The same for a function of structures.
///
/// - Errors: in the derivative, `.argument` for a direction of another structure.
@_disfavoredOverload
public func linearize<P: TensorTree, R: TensorTree>(
    _ f: @escaping (P) -> R, _ p: P
) -> (value: R, jvp: (P) -> R) {
    let flat = FlatFunction(f, at: p)
    let (values, push) = Products.linearize({ flat($0) }, p.tensors)
    let value = flat.rebuilt(values)
    return (
        value,
        { directions in
            if Products.refused("linearize", p, directions) != nil { return value.holding([]) }
            return value.holding(push(directions.tensors))
        }
    )
}

/// Products of derivatives with vectors, of functions of lists.
private enum Products {
    static func forward(_ f: ([Tensor]) -> Tensor, _ xs: [Tensor], _ v: [Tensor])
        -> (value: Tensor, products: [Tensor])
    {
        if let poison = misfit("hvp", xs, v) { return (poison, xs.map { _ in poison }) }
        let (values, tangents) = Traced.jvp(
            { xs in
                let (value, slopes, _) = Traced.valueAndGrads(xs, "hvp") { (f($0), ()) }
                return slopes + [value]
            }, xs, v)
        return (values[xs.count], Array(tangents.dropLast()))
    }

    static func reverse(_ f: ([Tensor]) -> Tensor, _ xs: [Tensor], _ v: [Tensor])
        -> (value: Tensor, products: [Tensor])
    {
        if let poison = misfit("vhp", xs, v) { return (poison, xs.map { _ in poison }) }
        let (values, pullback) = Traced.vjp(
            { xs in
                let (value, slopes, _) = Traced.valueAndGrads(xs, "vhp") { (f($0), ()) }
                return slopes + [value]
            }, xs)
        let value = values[xs.count]
        return (value, pullback(v + [Tangents.zeros(value.spec, value.device)]))
    }

    static func linearize(_ f: ([Tensor]) -> [Tensor], _ xs: [Tensor])
        -> (values: [Tensor], push: ([Tensor]) -> [Tensor])
    {
        let traced = Traced(xs)
        let values = transformed { enableGrad { f(traced.inputs) } }
        let cotangents = values.map {
            let zero = Tangents.zeros($0.spec, $0.device)
            return $0.requiresGrad ? zero.requiresGrad_() : zero
        }
        let live = values.indices.filter { values[$0].requiresGrad }
        let pulled =
            live.isEmpty
            ? []
            : enableGrad {
                grads(
                    of: live.map { values[$0] }, wrt: traced.inputs,
                    gradients: live.map { cotangents[$0] }, createGraph: true, unused: .zeros
                ).map { $0! }
            }
        let moving = pulled.indices.filter { pulled[$0].requiresGrad }
        let specs = values.map { ($0.spec, $0.device) }
        return (
            values.map { $0.requiresGrad ? $0.outputAlias : $0 },
            { directions in
                if let poison = misfit("linearize", xs, directions) {
                    return specs.map { _ in poison }
                }
                var tangents = specs.map { Tangents.zeros($0, $1) }
                if moving.isEmpty { return tangents }
                let found = grads(
                    of: moving.map { pulled[$0] }, wrt: live.map { cotangents[$0] },
                    gradients: moving.map { directions[$0] }, retainGraph: true, unused: .zeros)
                for (i, tangent) in zip(live, found) { tangents[i] = tangent! }
                return tangents
            }
        )
    }

    static func refused<P: TensorTree>(_ operation: String, _ p: P, _ v: P) -> Tensor? {
        Structures.mismatch(p, v, operation, "the argument", "v").map { Failure.poison($0) }
    }

    /// Raises where a vector does not fit its argument.
    private static func misfit(_ operation: String, _ xs: [Tensor], _ v: [Tensor]) -> Tensor? {
        for (x, v) in zip(xs, v) where v.sizes != x.sizes {
            return Failure.poison(
                TensorError(
                    .shape, "v has invalid size: should be \(x.shape) but got \(v.shape)",
                    operation: operation), like: x.sizes, x.dtype)
        }
        return nil
    }
}
