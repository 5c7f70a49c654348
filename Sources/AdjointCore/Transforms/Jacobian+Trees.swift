// Jacobians and Hessians of functions of several tensors and of structures.

/// The Jacobians of a function of a structure of tensors by reverse mode, in that structure: each
/// has the output's shape followed by that of the tensor in whose place it is.
@_disfavoredOverload
public func jacrev<P: TensorTree>(
    chunkSize: Int? = nil, _ f: @escaping (P) -> Tensor
) -> (P) -> P {
    { p in p.holding(Jacobians.all({ [f(p.holding($0))] }, p.tensors, chunkSize)[0]) }
}

/// The Jacobians of a function of a structure of tensors by forward mode, in that structure.
@_disfavoredOverload
public func jacfwd<P: TensorTree>(
    chunkSize: Int? = nil, _ f: @escaping (P) -> Tensor
) -> (P) -> P {
    { p in
        p.holding(
            Jacobians.all({ [f(p.holding($0))] }, p.tensors, chunkSize, false, .forward)[0])
    }
}

/// The Jacobians of a function of a structure of tensors, in that structure.
@_disfavoredOverload
public func jacobian<P: TensorTree>(
    _ f: @escaping (P) -> Tensor, _ p: P, chunkSize: Int? = nil, strict: Bool = false,
    strategy: JacobianStrategy = .reverse
) -> P {
    p.holding(
        Jacobians.all({ [f(p.holding($0))] }, p.tensors, chunkSize, strict, strategy)[0])
}

/// The Jacobians of a function with several results: entry [j][i] is that of result j by `xs[i]`.
@_disfavoredOverload
public func jacobian(
    _ f: @escaping ([Tensor]) -> [Tensor], _ xs: [Tensor], chunkSize: Int? = nil,
    strict: Bool = false, strategy: JacobianStrategy = .reverse
) -> [[Tensor]] { Jacobians.all(f, xs, chunkSize, strict, strategy) }

/// The second derivatives of a scalar function of several tensors: entry [i][j] is that by `xs[i]`
/// and `xs[j]`, of their shapes one after the other.
public func hessian(
    _ f: @escaping ([Tensor]) -> Tensor, _ xs: [Tensor], chunkSize: Int? = nil
) -> [[Tensor]] { Jacobians.all(Jacobians.slope(f), xs, chunkSize, false, .forward) }

/// The second derivatives of a scalar function of a structure of tensors: a structure for each of
/// its tensors in order, which holds the derivatives by that one and by each.
@_disfavoredOverload
public func hessian<P: TensorTree>(
    _ f: @escaping (P) -> Tensor, _ p: P, chunkSize: Int? = nil
) -> [P] {
    hessian({ (xs: [Tensor]) in f(p.holding(xs)) }, p.tensors, chunkSize: chunkSize)
        .map { p.holding($0) }
}

/// The second derivatives of a scalar function of tensors by name: entry [a]![b]! is that by `a`
/// and `b`, of their shapes one after the other.
@_disfavoredOverload
public func hessian(
    _ f: @escaping ([String: Tensor]) -> Tensor, _ p: [String: Tensor], chunkSize: Int? = nil
) -> [String: [String: Tensor]] {
    let rows = hessian({ (xs: [Tensor]) in f(p.holding(xs)) }, p.tensors, chunkSize: chunkSize)
        .map { p.holding($0) }
    return Dictionary(uniqueKeysWithValues: zip(p.keys.sorted(), rows))
}
