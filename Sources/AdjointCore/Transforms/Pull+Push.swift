/// The value of `f` at `x`, and the function that pulls a cotangent of it back to `x`. It may be
/// called as often as wanted.
///
/// - Errors: in the pullback, `.shape` and `.dtype` for a cotangent unlike the value.
public func vjp(
    _ f: @escaping (Tensor) -> Tensor, _ x: Tensor
) -> (value: Tensor, pullback: (Tensor) -> Tensor) {
    let (values, pullback) = Traced.vjp({ [f($0[0])] }, [x])
    return (values[0], { pullback([$0])[0] })
}

/// The same for a function of several tensors.
public func vjp(
    _ f: @escaping ([Tensor]) -> Tensor, _ xs: [Tensor]
) -> (value: Tensor, pullback: (Tensor) -> [Tensor]) {
    let (values, pullback) = Traced.vjp({ [f($0)] }, xs)
    return (values[0], { pullback([$0]) })
}

/// The value of `f` at `x`, and its derivative in the direction `tangent`, by forward mode.
///
/// - Errors: `.shape` and `.dtype` for a tangent unlike the argument.
public func jvp(
    _ f: @escaping (Tensor) -> Tensor, _ x: Tensor, _ tangent: Tensor
) -> (value: Tensor, tangent: Tensor) {
    let (values, tangents) = Traced.jvp({ [f($0[0])] }, [x], [tangent])
    return (values[0], tangents[0])
}

/// The same for a function of several tensors, in one joint direction.
public func jvp(
    _ f: @escaping ([Tensor]) -> Tensor, _ xs: [Tensor], _ tangents: [Tensor]
) -> (value: Tensor, tangent: Tensor) {
    if let error = Structures.mismatch(xs, tangents, "jvp", "primals", "tangents") {
        let poison = Failure.poison(error)
        return (poison, poison)
    }
    let (values, pushed) = Traced.jvp({ [f($0)] }, xs, tangents)
    return (values[0], pushed[0])
}

/// The same for functions of structures with structures of results: the pullback takes cotangents
/// in the structure of the result, and gives gradients in that of the argument.
///
/// - Errors: in the pullback, `.argument` for cotangents of another structure.
@_disfavoredOverload
public func vjp<P: TensorTree, R: TensorTree>(
    _ f: @escaping (P) -> R, _ p: P
) -> (value: R, pullback: (R) -> P) {
    let flat = FlatFunction(f, at: p)
    let (values, pullback) = Traced.vjp({ flat($0) }, p.tensors)
    let value = flat.rebuilt(values)
    return (
        value,
        { cotangents in
            if let error = Structures.mismatch(
                value, cotangents, "vjp", "outputs to the function", "cotangents")
            {
                Failure.raise(error)
                return p.holding([])
            }
            return p.holding(pullback(cotangents.tensors))
        }
    )
}

/// The same for a function of two structures.
@_disfavoredOverload
public func vjp<P: TensorTree, Q: TensorTree, R: TensorTree>(
    _ f: @escaping (P, Q) -> R, _ p: P, _ q: Q
) -> (value: R, pullback: (R) -> (P, Q)) {
    let (value, pullback) = vjp({ (x: TreePair<P, Q>) in f(x.first, x.second) }, TreePair(p, q))
    return (
        value,
        { cotangents in
            let pulled = pullback(cotangents)
            return (pulled.first, pulled.second)
        }
    )
}

/// The same with what `f` returns besides its result, which nothing differentiates.
public func vjp<P: TensorTree, R: TensorTree, Aux>(
    hasAux f: @escaping (P) -> (R, Aux), _ p: P
) -> (value: R, pullback: (R) -> P, aux: Aux) {
    var aux: Aux?
    let (value, pullback) = vjp(
        { (p: P) -> R in
            let (result, more) = f(p)
            aux = more
            return result
        }, p)
    return (value, pullback, aux!)
}

/// The same for functions of structures with structures of results. `tangents` has the structure
/// of the argument, the result's tangent that of the result.
///
/// - Errors: `.argument` for tangents of another structure.
@_disfavoredOverload
public func jvp<P: TensorTree, R: TensorTree>(
    _ f: @escaping (P) -> R, _ p: P, _ tangents: P
) -> (value: R, tangent: R) {
    let flat = FlatFunction(f, at: p)
    var directions = tangents.tensors
    if let error = Structures.mismatch(p, tangents, "jvp", "primals", "tangents") {
        Failure.raise(error)
        directions = p.tensors
    }
    let (values, pushed) = Traced.jvp({ flat($0) }, p.tensors, directions)
    return (flat.rebuilt(values), flat.rebuilt(pushed))
}

/// The same for a function of two structures.
@_disfavoredOverload
public func jvp<P: TensorTree, Q: TensorTree, R: TensorTree>(
    _ f: @escaping (P, Q) -> R, _ primals: (P, Q), _ tangents: (P, Q)
) -> (value: R, tangent: R) {
    jvp(
        { (x: TreePair<P, Q>) in f(x.first, x.second) }, TreePair(primals.0, primals.1),
        TreePair(tangents.0, tangents.1))
}

extension Traced {
    /// The results of `f`, and the function that pulls cotangents of them back.
    static func vjp(_ f: ([Tensor]) -> [Tensor], _ xs: [Tensor])
        -> (values: [Tensor], pullback: ([Tensor]) -> [Tensor])
    {
        let traced = Traced(xs)
        let values = transformed { enableGrad { f(traced.inputs) } }
        return (
            traced.released(values),
            { cotangents in
                for (value, cotangent) in zip(values, cotangents)
                where value.sizes != cotangent.sizes {
                    Failure.raise(
                        TensorError(
                            .shape,
                            "Mismatch in shape: a cotangent has a shape of \(cotangent.shape) and "
                                + "its output has a shape of \(value.shape)", operation: "vjp"))
                    return xs.map { Tensor.poisoned($0.sizes, $0.dtype) }
                }
                return traced.gradients(of: values, cotangents, retainGraph: true)
            }
        )
    }

    /// The results of `f`, and their tangents: zeros where there is none.
    static func jvp(_ f: ([Tensor]) -> [Tensor], _ xs: [Tensor], _ tangents: [Tensor])
        -> (values: [Tensor], tangents: [Tensor])
    {
        forwardMode { level in
            let duals = zip(xs, tangents).map { level.makeDual($0, tangent: $1) }
            let parts = transformed { f(duals) }.map { level.unpackDual($0) }
            return (
                parts.map(\.primal),
                parts.map { $0.tangent ?? Tangents.zeros($0.primal.spec, $0.primal.device) }
            )
        }
    }
}

enum Structures {
    /// What differs between two structures that should correspond.
    static func mismatch<T: TensorTree>(
        _ expected: T, _ got: T, _ operation: String, _ expectedName: String, _ gotName: String
    ) -> TensorError? {
        let (outline, other) = (expected.treeOutline, got.treeOutline)
        if outline == other { return nil }
        return TensorError(
            .argument,
            "Expected \(gotName) to have the same structure as \(expectedName): got \(gotName) "
                + "with structure \(other) and \(expectedName) with structure \(outline)",
            operation: operation)
    }
}
