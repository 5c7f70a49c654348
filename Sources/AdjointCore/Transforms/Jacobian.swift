/// The Jacobian of `f` by reverse mode, all its rows in one batched pass. Its shape is the output's
/// followed by the input's.
///
/// - Parameter chunkSize: How many rows to compute at once, to bound the memory; all if nil.
public func jacrev(
    chunkSize: Int? = nil, _ f: @escaping (Tensor) -> Tensor
) -> (Tensor) -> Tensor {
    { x in jacobian({ (xs: [Tensor]) in f(xs[0]) }, [x], chunkSize: chunkSize)[0] }
}

/// The Jacobian of `f` by forward mode, all its columns in one batched pass. Its shape is the
/// output's followed by the input's.
///
/// - Parameter chunkSize: How many columns to compute at once, to bound the memory; all if nil.
public func jacfwd(
    chunkSize: Int? = nil, _ f: @escaping (Tensor) -> Tensor
) -> (Tensor) -> Tensor {
    { x in
        if x.isPoisoned { return x }
        var output: [Int] = []
        let columns = Vmap(nil, -1, .same, chunkSize).run([Basis.vectors(x)]) { directions in
            let (value, tangent) = jvp(f, x, directions[0])
            output = value.shape
            return [tangent]
        }[0]
        return columns.isPoisoned ? columns : columns.reshape(output + x.shape)
    }
}

/// The Jacobian of `f` at `x`; its shape is the output's followed by the input's.
public func jacobian(
    _ f: @escaping (Tensor) -> Tensor, _ x: Tensor, chunkSize: Int? = nil
) -> Tensor { jacrev(chunkSize: chunkSize, f)(x) }

/// The Jacobians of `f` with respect to each of `xs`.
public func jacobian(
    _ f: @escaping ([Tensor]) -> Tensor, _ xs: [Tensor], chunkSize: Int? = nil
) -> [Tensor] {
    let (value, pullback) = vjp(f, xs)
    if value.isPoisoned { return xs.map { _ in value } }
    let rows = Vmap(nil, 0, .same, chunkSize).run([Basis.vectors(value)]) { pullback($0[0]) }
    if rows.count != xs.count { return xs.map { Tensor.poisoned($0.sizes, $0.dtype) } }
    return zip(rows, xs).map { $0.isPoisoned ? $0 : $0.reshape(value.shape + $1.shape) }
}

/// The matrix of second derivatives of a scalar function; its shape is the input's, twice. Forward
/// mode over reverse mode, all columns in one batched pass.
///
/// - Parameter chunkSize: How many columns to compute at once, to bound the memory; all if nil.
public func hessian(
    _ f: @escaping (Tensor) -> Tensor, _ x: Tensor, chunkSize: Int? = nil
) -> Tensor { jacfwd(chunkSize: chunkSize, grad(f))(x) }

/// The unit vectors of a space of tensors.
enum Basis {
    /// One tensor of the shape of `like` for each of its elements, 1 there and 0 elsewhere, along a
    /// new first dimension.
    static func vectors(_ like: Tensor) -> Tensor {
        let n = like.numel
        return Tensor.eye(n, dtype: like.dtype, device: like.device).reshape([n] + like.shape)
    }
}
