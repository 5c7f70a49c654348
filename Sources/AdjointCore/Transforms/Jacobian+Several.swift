// Derivatives of functions of several tensors.

/// The Jacobians of a function of several tensors, one for each of them, by reverse mode.
@_disfavoredOverload
public func jacrev(
    chunkSize: Int? = nil, _ f: @escaping ([Tensor]) -> Tensor
) -> ([Tensor]) -> [Tensor] {
    { xs in jacobian(f, xs, chunkSize: chunkSize) }
}

/// The Jacobians of a function of several tensors, one for each of them, by forward mode.
@_disfavoredOverload
public func jacfwd(
    chunkSize: Int? = nil, _ f: @escaping ([Tensor]) -> Tensor
) -> ([Tensor]) -> [Tensor] {
    { xs in xs.indices.map { pushed({ [f($0)] }, xs, along: $0, chunkSize)[0] } }
}

/// The second derivatives of a scalar function of several tensors: entry [i][j] is that by `xs[i]`
/// and `xs[j]`, of their shapes one after the other.
public func hessian(
    _ f: @escaping ([Tensor]) -> Tensor, _ xs: [Tensor], chunkSize: Int? = nil
) -> [[Tensor]] {
    let slopes = grad(f)
    let columns = xs.indices.map { pushed(slopes, xs, along: $0, chunkSize) }
    return xs.indices.map { i in columns.map { $0[i] } }
}

/// The Jacobians of all results of `f` with respect to `xs[i]`, in one batched pass.
private func pushed(
    _ f: ([Tensor]) -> [Tensor], _ xs: [Tensor], along i: Int, _ chunkSize: Int?
) -> [Tensor] {
    var shapes: [[Int]] = []
    let columns = Vmap(nil, -1, .same, chunkSize).run([Basis.vectors(xs[i])]) { directions in
        forwardMode { level in
            var duals = xs
            duals[i] = level.makeDual(xs[i], tangent: directions[0])
            let results = f(duals).map { level.unpackDual($0) }
            shapes = results.map { $0.primal.shape }
            return results.map { $0.tangent ?? Tangents.zeros($0.primal.spec, $0.primal.device) }
        }
    }
    return zip(columns, shapes).map { $0.isPoisoned ? $0 : $0.reshape($1 + xs[i].shape) }
}
