/// `f`, applied to every sample at once: each argument is cut along its dimension in `inDims`, `f`
/// sees one sample of each, and the results are put together along `outDim`. What `f` captures, and
/// arguments whose entry is nil, all samples share.
///
/// Transforms nest in any order: `vmap(grad(loss))` gives the gradient for every sample.
///
/// - Parameters:
///   - inDims: One dimension an argument, negative ones counted from the end; nil to share it.
///   - outDim: Where the batch dimension of the result goes.
///   - randomness: What random operations in `f` do; they are errors unless it is said.
///   - chunkSize: How many samples to take at once, to bound the memory; all of them if nil.
///   - f: A function of one sample.
/// - Errors: `.shape` where the mapped sizes differ; `.index` for a dimension that is not there;
///   `.argument` where nothing is mapped, and for reading the elements of a sample (`item()`, masks
///   as indices): all samples take the same way through `f`.
public func vmap(
    inDims: [Int?] = [0], outDim: Int = 0, randomness: VmapRandomness = .error,
    chunkSize: Int? = nil, _ f: @escaping (Tensor) -> Tensor
) -> (Tensor) -> Tensor {
    let mapping = Vmap(inDims, outDim, randomness, chunkSize)
    return { x in mapping.run([x]) { [f($0[0])] }[0] }
}

/// The same for a function of two tensors.
public func vmap(
    inDims: [Int?] = [0, 0], outDim: Int = 0, randomness: VmapRandomness = .error,
    chunkSize: Int? = nil, _ f: @escaping (Tensor, Tensor) -> Tensor
) -> (Tensor, Tensor) -> Tensor {
    let mapping = Vmap(inDims, outDim, randomness, chunkSize)
    return { x, y in mapping.run([x, y]) { [f($0[0], $0[1])] }[0] }
}

/// The same for a function of three tensors.
public func vmap(
    inDims: [Int?] = [0, 0, 0], outDim: Int = 0, randomness: VmapRandomness = .error,
    chunkSize: Int? = nil, _ f: @escaping (Tensor, Tensor, Tensor) -> Tensor
) -> (Tensor, Tensor, Tensor) -> Tensor {
    let mapping = Vmap(inDims, outDim, randomness, chunkSize)
    return { x, y, z in mapping.run([x, y, z]) { [f($0[0], $0[1], $0[2])] }[0] }
}

/// The same for a function with two results, as `valueAndGrad` makes it.
@_disfavoredOverload
public func vmap(
    inDims: [Int?] = [0], outDim: Int = 0, randomness: VmapRandomness = .error,
    chunkSize: Int? = nil, _ f: @escaping (Tensor) -> (value: Tensor, grad: Tensor)
) -> (Tensor) -> (value: Tensor, grad: Tensor) {
    let mapping = Vmap(inDims, outDim, randomness, chunkSize)
    return { x in
        let results = mapping.run([x]) { xs in
            let (value, grad) = f(xs[0])
            return [value, grad]
        }
        return (results[0], results[1])
    }
}

/// The same for a function of several tensors; `inDims` is 0 for each if nil.
@_disfavoredOverload
public func vmap(
    inDims: [Int?]? = nil, outDim: Int = 0, randomness: VmapRandomness = .error,
    chunkSize: Int? = nil, _ f: @escaping ([Tensor]) -> Tensor
) -> ([Tensor]) -> Tensor {
    let mapping = Vmap(inDims, outDim, randomness, chunkSize)
    return { xs in mapping.run(xs) { [f($0)] }[0] }
}

/// The same for a function of several tensors with several results.
@_disfavoredOverload
public func vmap(
    inDims: [Int?]? = nil, outDim: Int = 0, randomness: VmapRandomness = .error,
    chunkSize: Int? = nil, _ f: @escaping ([Tensor]) -> [Tensor]
) -> ([Tensor]) -> [Tensor] {
    let mapping = Vmap(inDims, outDim, randomness, chunkSize)
    return { xs in mapping.run(xs, f) }
}

/// How a function is mapped.
struct Vmap {
    private let inDims: [Int?]?
    private let outDim: Int
    private let randomness: VmapRandomness
    private let chunkSize: Int?

    init(
        _ inDims: [Int?]?, _ outDim: Int = 0, _ randomness: VmapRandomness = .error,
        _ chunkSize: Int? = nil
    ) {
        self.inDims = inDims
        self.outDim = outDim
        self.randomness = randomness
        self.chunkSize = chunkSize
    }

    /// The results of `f`, poisoned after an error.
    func run(_ arguments: [Tensor], _ f: ([Tensor]) -> [Tensor]) -> [Tensor] {
        do throws(TensorError) {
            let (batches, isMapped, size) = try prepared(arguments)
            let chunk = Swift.min(chunkSize ?? size, size)
            if size == 0 || chunk == size { return try whole(batches, isMapped, size, f) }
            try Tensor.checkPieces(size / chunk)
            var parts: [[Tensor]] = []
            for start in stride(from: 0, to: size, by: chunk) {
                let count = Swift.min(chunk, size - start)
                let part = zip(batches, isMapped).map { x, mapped in
                    mapped ? x.narrow(dim: 0, start: start, length: count) : x
                }
                parts.append(try whole(part, isMapped, count, f))
                // After an error the parts so far tell how many results there are.
                if Failure.isActive { break }
            }
            if parts.contains(where: { $0.count != parts[0].count }) {
                throw TensorError(
                    .argument,
                    "the mapped function returned \(parts.map(\.count)) results in its "
                        + "chunks; it must return as many each time")
            }
            return parts[0].indices.map { i in
                let dim = outDim < 0 ? parts[0][i].ndim + outDim : outDim
                return Tensor.cat(parts.map { $0[i] }, dim: dim)
            }
        } catch {
            Failure.raise(TensorError(error.kind, error.message, operation: "vmap"))
            // In the failed scope this computes nothing: it tells how many results there are.
            return f(arguments.map { Tensor.poisoned($0.sizes, $0.dtype) })
        }
    }

    /// The arguments with their mapped dimension first, and its size.
    private func prepared(_ arguments: [Tensor]) throws(TensorError)
        -> (batches: [Tensor], isMapped: [Bool], size: Int)
    {
        let dims = inDims ?? [Int?](repeating: 0, count: arguments.count)
        if dims.count != arguments.count {
            throw TensorError(
                .argument,
                "inDims has \(dims.count) entries for \(arguments.count) arguments: one for each "
                    + "is needed, nil for those that all samples share")
        }
        if let chunkSize, chunkSize < 1 {
            throw TensorError(.argument, "chunkSize should be at least 1, but is \(chunkSize)")
        }
        var batches: [Tensor] = []
        var sizes: [Int] = []
        for (x, dim) in zip(arguments, dims) {
            guard let dim else {
                batches.append(x)
                continue
            }
            if x.ndim == 0 {
                throw TensorError(
                    .index,
                    "a 0-dimensional tensor has no dimension \(dim) to map over; nil in inDims "
                        + "shares it among the samples")
            }
            let i = try Dim.resolve(dim, x.ndim)
            sizes.append(x.sizes[i])
            batches.append(i == 0 ? x : x.permute([i] + (0..<x.ndim).filter { $0 != i }))
        }
        guard let size = sizes.first else {
            throw TensorError(
                .argument,
                "at least one argument must be mapped, but inDims is nil for all of them")
        }
        if sizes.contains(where: { $0 != size }) {
            throw TensorError(
                .shape,
                "Expected all tensors to have the same size in the mapped dimension, got sizes "
                    + "\(sizes)")
        }
        return (batches, dims.map { $0 != nil }, size)
    }

    /// One pass through `f` with all samples.
    private func whole(
        _ batches: [Tensor], _ isMapped: [Bool], _ size: Int, _ f: ([Tensor]) -> [Tensor]
    ) throws(TensorError) -> [Tensor] {
        let mode = Mode.current
        let level = VmapLevel(size: size, randomness: randomness, outer: mode.vmap)
        defer { level.end() }
        let handles = zip(batches, isMapped).map { x, mapped in
            mapped ? Tensor(batch: x, level) : x
        }
        let results = mode.with(vmap: level).run { f(handles) }
        var outputs: [Tensor] = []
        for result in results { outputs.append(try placed(result, level)) }
        return outputs
    }

    /// A result with its batch dimension where it is wanted.
    private func placed(_ result: Tensor, _ level: VmapLevel) throws(TensorError) -> Tensor {
        if result.isPoisoned { return result }
        let value = result.repeated(at: level)
        let i = try Dim.resolve(outDim, value.ndim)
        if i == 0 { return value }
        var order = Array(1..<value.ndim)
        order.insert(0, at: i)
        return value.permute(order)
    }
}
