/// The Jacobian of `f` by reverse mode: one pass for each element of the result, whose shape is
/// the output's followed by the input's.
public func jacrev(_ f: @escaping (Tensor) -> Tensor) -> (Tensor) -> Tensor {
    { x in jacobian({ (xs: [Tensor]) in f(xs[0]) }, [x])[0] }
}

/// The Jacobian of `f` by forward mode: one pass for each element of the input. Its shape is the
/// output's followed by the input's.
public func jacfwd(_ f: @escaping (Tensor) -> Tensor) -> (Tensor) -> Tensor {
    { x in
        var columns: [Tensor] = []
        var output: [Int] = []
        for i in 0..<x.numel {
            let (value, tangent) = jvp(f, x, basis(x, i))
            output = value.shape
            columns.append(tangent)
        }
        if columns.isEmpty {
            output = f(x).shape
            return Tensor.zeros(output + x.shape, dtype: x.dtype, device: x.device)
        }
        return Tensor.stack(columns, dim: -1).reshape(output + x.shape)
    }
}

/// The Jacobian of `f` at `x`; its shape is the output's followed by the input's.
public func jacobian(_ f: @escaping (Tensor) -> Tensor, _ x: Tensor) -> Tensor { jacrev(f)(x) }

/// The Jacobians of `f` with respect to each of `xs`.
public func jacobian(_ f: @escaping ([Tensor]) -> Tensor, _ xs: [Tensor]) -> [Tensor] {
    let (value, pullback) = vjp(f, xs)
    let rows = (0..<value.numel).map { pullback(basis(value, $0)) }
    return xs.indices.map { i in
        let shape = value.shape + xs[i].shape
        if rows.isEmpty { return Tensor.zeros(shape, dtype: xs[i].dtype, device: xs[i].device) }
        return Tensor.stack(rows.map { $0[i] }).reshape(shape)
    }
}

/// The matrix of second derivatives of a scalar function; its shape is the input's, twice.
public func hessian(_ f: @escaping (Tensor) -> Tensor, _ x: Tensor) -> Tensor {
    jacfwd(grad(f))(x)
}

/// The value of a scalar function, and its Hessian times `v`: forward mode over reverse mode.
public func hvp(
    _ f: @escaping (Tensor) -> Tensor, _ x: Tensor, _ v: Tensor
) -> (value: Tensor, product: Tensor) {
    if v.sizes != x.sizes {
        let poison = Failure.poison(
            TensorError(
                .shape, "v has an invalid size: should be \(x.shape) but got \(v.shape)",
                operation: "hvp"), like: x.sizes, x.dtype)
        return (poison, poison)
    }
    return (f(x), jvp(grad(f), x, v).tangent)
}

/// The tensor of the shape of `like` with a 1 at position `i` and zeros elsewhere.
private func basis(_ like: Tensor, _ i: Int) -> Tensor {
    let tensor = Tangents.zeros(TensorSpec([like.numel], like.dtype), like.device)
    if like.device == .cpu, !like.isPoisoned {
        CPU.fill(
            Block(tensor.storage, Layout(sizes: [], strides: [], offset: i), like.dtype, .cpu),
            .float(1))
    }
    return tensor.reshape(like.shape)
}
