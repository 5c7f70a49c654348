/// By which mode a Jacobian is computed.
public enum JacobianStrategy: Sendable {
    /// Row by row: a pass for each element of the result. For more arguments than results.
    case reverse
    /// Column by column: a pass for each element of the arguments. For more results.
    case forward
}

/// The Jacobian of `f` by reverse mode, all its rows in one batched pass. Its shape is the output's
/// followed by the input's.
///
/// - Parameters:
///   - chunkSize: How many rows to compute at once, to bound the memory; all if nil.
///   - f: The function.
public func jacrev(
    chunkSize: Int? = nil, _ f: @escaping (Tensor) -> Tensor
) -> (Tensor) -> Tensor {
    { x in Jacobians.rows({ [f($0[0])] }, [x], chunkSize)[0][0] }
}

/// The Jacobian of `f` by forward mode, all its columns in one batched pass. Its shape is the
/// output's followed by the input's.
///
/// - Parameters:
///   - chunkSize: How many columns to compute at once, to bound the memory; all if nil.
///   - f: The function.
public func jacfwd(
    chunkSize: Int? = nil, _ f: @escaping (Tensor) -> Tensor
) -> (Tensor) -> Tensor {
    { x in Jacobians.columns({ [f($0[0])] }, [x], along: 0, chunkSize)[0] }
}

/// The Jacobian of `f` at `x`; its shape is the output's followed by the input's.
///
/// - Parameters:
///   - f: The function.
///   - x: Where.
///   - chunkSize: How many rows, or columns, to compute at once; all if nil.
///   - strict: Whether an output that does not depend on `x` is an error. It gives zeros otherwise.
///   - strategy: By which mode.
/// - Errors: `.autograd` where `strict` finds no dependence.
public func jacobian(
    _ f: @escaping (Tensor) -> Tensor, _ x: Tensor, chunkSize: Int? = nil, strict: Bool = false,
    strategy: JacobianStrategy = .reverse
) -> Tensor {
    Jacobians.all({ [f($0[0])] }, [x], chunkSize, strict, strategy)[0][0]
}

/// The Jacobians of `f` with respect to each of `xs`.
public func jacobian(
    _ f: @escaping ([Tensor]) -> Tensor, _ xs: [Tensor], chunkSize: Int? = nil,
    strict: Bool = false, strategy: JacobianStrategy = .reverse
) -> [Tensor] { Jacobians.all({ [f($0)] }, xs, chunkSize, strict, strategy)[0] }

/// The matrix of second derivatives of a scalar function; its shape is the input's, twice. Forward
/// mode over reverse mode, all columns in one batched pass.
///
/// - Parameters:
///   - f: A function that returns one number.
///   - x: Where.
///   - chunkSize: How many columns to compute at once, to bound the memory; all if nil.
/// - Errors: `.autograd` unless `f` returns one number.
public func hessian(
    _ f: @escaping (Tensor) -> Tensor, _ x: Tensor, chunkSize: Int? = nil
) -> Tensor {
    Jacobians.columns(Jacobians.slope { f($0[0]) }, [x], along: 0, chunkSize)[0]
}

/// The unit vectors of a space of tensors.
enum Basis {
    /// One tensor of the shape of `like` for each of its elements, 1 there and 0 elsewhere, along a
    /// new first dimension.
    static func vectors(_ like: Tensor) -> Tensor {
        let n = like.numel
        return Tensor.eye(n, dtype: like.dtype, device: like.device).reshape([n] + like.shape)
    }
}

/// Jacobians of functions of lists.
enum Jacobians {
    /// Entry [j][i] is that of result j by argument i.
    static func all(
        _ f: @escaping ([Tensor]) -> [Tensor], _ xs: [Tensor], _ chunkSize: Int?,
        _ strict: Bool = false, _ strategy: JacobianStrategy = .reverse
    ) -> [[Tensor]] {
        if strategy == .reverse { return rows(f, xs, chunkSize, strict) }
        if strict {
            let poison = Failure.poison(
                TensorError(
                    .argument,
                    "strict mode looks at the recorded graph, which forward mode has none of; use "
                        + "strategy: .reverse", operation: "jacobian"))
            return f(xs).map { _ in xs.map { _ in poison } }
        }
        let parts = xs.indices.map { columns(f, xs, along: $0, chunkSize) }
        guard let count = parts.map(\.count).min() else { return f(xs).map { _ in [] } }
        return (0..<count).map { j in parts.map { $0[j] } }
    }

    /// By reverse mode, the rows of each result in one batched pass.
    static func rows(
        _ f: ([Tensor]) -> [Tensor], _ xs: [Tensor], _ chunkSize: Int?, _ strict: Bool = false
    ) -> [[Tensor]] {
        let traced = Traced(xs)
        let values = transformed { enableGrad { f(traced.inputs) } }
        if strict, let error = independence(values, traced.inputs) { Failure.raise(error) }
        return values.indices.map { j in
            let value = values[j]
            if value.isPoisoned { return xs.map { _ in value } }
            let rows = Vmap(nil, 0, .same, chunkSize).run([Basis.vectors(value)]) {
                traced.gradients(of: [value], [$0[0]], retainGraph: true)
            }
            if rows.count != xs.count { return xs.map { Tensor.poisoned($0.sizes, $0.dtype) } }
            return zip(rows, xs).map { $0.isPoisoned ? $0 : $0.reshape(value.shape + $1.shape) }
        }
    }

    /// The Jacobians of all results of `f` with respect to `xs[i]` by forward mode, in one batched
    /// pass.
    static func columns(
        _ f: ([Tensor]) -> [Tensor], _ xs: [Tensor], along i: Int, _ chunkSize: Int?
    ) -> [Tensor] {
        if xs[i].isPoisoned { return xs }
        var shapes: [[Int]] = []
        let columns = Vmap(nil, -1, .same, chunkSize).run([Basis.vectors(xs[i])]) { directions in
            forwardMode { level in
                var duals = xs
                duals[i] = level.makeDual(xs[i], tangent: directions[0])
                let results = transformed { f(duals) }.map { level.unpackDual($0) }
                shapes = results.map { $0.primal.shape }
                return results.map {
                    $0.tangent ?? Tangents.zeros($0.primal.spec, $0.primal.device)
                }
            }
        }
        return zip(columns, shapes).map { $0.isPoisoned ? $0 : $0.reshape($1 + xs[i].shape) }
    }

    /// The gradients of a scalar function, for its Hessian.
    static func slope(_ f: @escaping ([Tensor]) -> Tensor) -> ([Tensor]) -> [Tensor] {
        { xs in Traced.valueAndGrads(xs, "hessian") { (f($0), ()) }.grads }
    }

    /// What strict mode refuses: results without a recorded dependence on an argument.
    private static func independence(_ values: [Tensor], _ inputs: [Tensor]) -> TensorError? {
        for (j, value) in values.enumerated() where !value.isPoisoned {
            if !value.requiresGrad {
                return TensorError(
                    .autograd,
                    "Output \(j) of the user-provided function does not require gradients. The "
                        + "outputs must be computed in a differentiable manner from the input when "
                        + "running in strict mode", operation: "jacobian")
            }
            let found = grads(
                of: [value], wrt: inputs, gradients: [Tensor.onesLike(value)], retainGraph: true,
                unused: .nil)
            if let i = found.firstIndex(where: { $0 == nil }) {
                return TensorError(
                    .autograd,
                    "Output \(j) of the user-provided function is independent of input \(i). This "
                        + "is not allowed in strict mode", operation: "jacobian")
            }
        }
        return nil
    }
}
