// Gradients of functions of structures, of several arguments, and of functions that return more
// than what is differentiated.

extension Traced {
    /// The value of `f` at a structure, the gradient in the same structure, and what `f` returns
    /// besides.
    static func valueAndGrad<P: TensorTree, Aux>(
        _ p: P, _ f: (P) -> (Tensor, Aux)
    ) -> (value: Tensor, grad: P, aux: Aux) {
        let (value, grads, aux) = valueAndGrads(p.tensors) { f(p.holding($0)) }
        return (value, p.holding(grads), aux)
    }
}

/// The gradient function of a scalar function of a structure of tensors: the gradient has the same
/// structure.
@_disfavoredOverload
public func grad<P: TensorTree>(_ f: @escaping (P) -> Tensor) -> (P) -> P {
    { p in Traced.valueAndGrad(p) { (f($0), ()) }.grad }
}

/// The same with respect to the first of two arguments; the other is passed through.
///
///     let slope = grad { (p: [String: Tensor], x: Tensor) in (p["w"]! * x).sum() }
///     slope(["w": w], x)["w"]
@_disfavoredOverload
public func grad<P: TensorTree, A>(_ f: @escaping (P, A) -> Tensor) -> (P, A) -> P {
    { p, a in Traced.valueAndGrad(p) { (f($0, a), ()) }.grad }
}

/// The same with respect to the first of three arguments; the others are passed through.
@_disfavoredOverload
public func grad<P: TensorTree, A, B>(_ f: @escaping (P, A, B) -> Tensor) -> (P, A, B) -> P {
    { p, a, b in Traced.valueAndGrad(p) { (f($0, a, b), ()) }.grad }
}

/// The value of a scalar function of a structure of tensors, and its gradient.
@_disfavoredOverload
public func valueAndGrad<P: TensorTree>(
    _ f: @escaping (P) -> Tensor
) -> (P) -> (value: Tensor, grad: P) {
    { p in
        let (value, grad, _) = Traced.valueAndGrad(p) { (f($0), ()) }
        return (value, grad)
    }
}

/// The same with respect to the first of two arguments; the other is passed through.
@_disfavoredOverload
public func valueAndGrad<P: TensorTree, A>(
    _ f: @escaping (P, A) -> Tensor
) -> (P, A) -> (value: Tensor, grad: P) {
    { p, a in
        let (value, grad, _) = Traced.valueAndGrad(p) { (f($0, a), ()) }
        return (value, grad)
    }
}

/// The same with respect to the first of three arguments; the others are passed through.
@_disfavoredOverload
public func valueAndGrad<P: TensorTree, A, B>(
    _ f: @escaping (P, A, B) -> Tensor
) -> (P, A, B) -> (value: Tensor, grad: P) {
    { p, a, b in
        let (value, grad, _) = Traced.valueAndGrad(p) { (f($0, a, b), ()) }
        return (value, grad)
    }
}

/// The gradient function of the first result of `f`, with what `f` returns besides (predictions,
/// counts), which nothing differentiates.
public func grad<P: TensorTree, Aux>(
    hasAux f: @escaping (P) -> (Tensor, Aux)
) -> (P) -> (grad: P, aux: Aux) {
    { p in
        let (_, grad, aux) = Traced.valueAndGrad(p) { f($0) }
        return (grad, aux)
    }
}

/// The same for a function of two arguments, with respect to the first.
public func grad<P: TensorTree, A, Aux>(
    hasAux f: @escaping (P, A) -> (Tensor, Aux)
) -> (P, A) -> (grad: P, aux: Aux) {
    { p, a in
        let (_, grad, aux) = Traced.valueAndGrad(p) { f($0, a) }
        return (grad, aux)
    }
}

/// The first result of `f` and its gradient, with what `f` returns besides.
public func valueAndGrad<P: TensorTree, Aux>(
    hasAux f: @escaping (P) -> (Tensor, Aux)
) -> (P) -> (value: Tensor, grad: P, aux: Aux) {
    { p in Traced.valueAndGrad(p) { f($0) } }
}

/// The same for a function of two arguments, with respect to the first.
public func valueAndGrad<P: TensorTree, A, Aux>(
    hasAux f: @escaping (P, A) -> (Tensor, Aux)
) -> (P, A) -> (value: Tensor, grad: P, aux: Aux) {
    { p, a in Traced.valueAndGrad(p) { f($0, a) } }
}

/// The gradient function of a scalar function of two tensors.
///
/// - Parameters:
///   - f: A function that returns one number.
///   - argnums: With respect to which argument; negative ones count from the end.
/// - Errors: `.index` for an argument that is not there.
public func grad(
    _ f: @escaping (Tensor, Tensor) -> Tensor, argnums: Int = 0
) -> (Tensor, Tensor) -> Tensor {
    { Argnums.valueAndGrads({ f($0[0], $0[1]) }, [$0, $1], [argnums]).grads[0] }
}

/// The same with respect to several arguments, in the order of `argnums`.
public func grad(
    _ f: @escaping (Tensor, Tensor) -> Tensor, argnums: [Int]
) -> (Tensor, Tensor) -> [Tensor] {
    { Argnums.valueAndGrads({ f($0[0], $0[1]) }, [$0, $1], argnums).grads }
}

/// The gradient function of a scalar function of three tensors.
public func grad(
    _ f: @escaping (Tensor, Tensor, Tensor) -> Tensor, argnums: Int = 0
) -> (Tensor, Tensor, Tensor) -> Tensor {
    { Argnums.valueAndGrads({ f($0[0], $0[1], $0[2]) }, [$0, $1, $2], [argnums]).grads[0] }
}

/// The same with respect to several arguments, in the order of `argnums`.
public func grad(
    _ f: @escaping (Tensor, Tensor, Tensor) -> Tensor, argnums: [Int]
) -> (Tensor, Tensor, Tensor) -> [Tensor] {
    { Argnums.valueAndGrads({ f($0[0], $0[1], $0[2]) }, [$0, $1, $2], argnums).grads }
}

/// The value and the gradient of a scalar function of two tensors.
public func valueAndGrad(
    _ f: @escaping (Tensor, Tensor) -> Tensor, argnums: Int = 0
) -> (Tensor, Tensor) -> (value: Tensor, grad: Tensor) {
    {
        let found = Argnums.valueAndGrads({ f($0[0], $0[1]) }, [$0, $1], [argnums])
        return (found.value, found.grads[0])
    }
}

/// The same with respect to several arguments, in the order of `argnums`.
public func valueAndGrad(
    _ f: @escaping (Tensor, Tensor) -> Tensor, argnums: [Int]
) -> (Tensor, Tensor) -> (value: Tensor, grads: [Tensor]) {
    { Argnums.valueAndGrads({ f($0[0], $0[1]) }, [$0, $1], argnums) }
}

/// The value and the gradient of a scalar function of three tensors.
public func valueAndGrad(
    _ f: @escaping (Tensor, Tensor, Tensor) -> Tensor, argnums: Int = 0
) -> (Tensor, Tensor, Tensor) -> (value: Tensor, grad: Tensor) {
    {
        let found = Argnums.valueAndGrads({ f($0[0], $0[1], $0[2]) }, [$0, $1, $2], [argnums])
        return (found.value, found.grads[0])
    }
}

/// The same with respect to several arguments, in the order of `argnums`.
public func valueAndGrad(
    _ f: @escaping (Tensor, Tensor, Tensor) -> Tensor, argnums: [Int]
) -> (Tensor, Tensor, Tensor) -> (value: Tensor, grads: [Tensor]) {
    { Argnums.valueAndGrads({ f($0[0], $0[1], $0[2]) }, [$0, $1, $2], argnums) }
}

/// Derivatives with respect to some of the arguments.
enum Argnums {
    static func valueAndGrads(
        _ f: ([Tensor]) -> Tensor, _ xs: [Tensor], _ argnums: [Int]
    ) -> (value: Tensor, grads: [Tensor]) {
        var wanted: [Int] = []
        for argnum in argnums {
            let i = argnum < 0 ? argnum + xs.count : argnum
            guard xs.indices.contains(i) else {
                let poison = Failure.poison(
                    TensorError(
                        .index,
                        "argnums has \(argnum), and the function takes \(xs.count) tensors: it "
                            + "should be from \(-xs.count) to \(xs.count - 1)", operation: "grad"))
                return (poison, argnums.map { _ in poison })
            }
            wanted.append(i)
        }
        let (value, grads, _) = Traced.valueAndGrads(wanted.map { xs[$0] }) { variables in
            var arguments = xs
            for (i, variable) in zip(wanted, variables) { arguments[i] = variable }
            return (f(arguments), ())
        }
        return (value, grads)
    }
}
