// vmap of functions of structures. An entry of inDims holds for every tensor of its argument.

/// The same for a function of a structure of tensors, with a structure of results.
@_disfavoredOverload
public func vmap<P: TensorTree, R: TensorTree>(
    inDims: [Int?]? = nil, outDim: Int = 0, randomness: VmapRandomness = .error,
    chunkSize: Int? = nil, _ f: @escaping (P) -> R
) -> (P) -> R {
    { p in
        let dims = Vmap.spread(inDims, over: [p.tensors.count])
        return Vmap(dims, outDim, randomness, chunkSize).run(p, f)
    }
}

/// The same for a function of two structures. `inDims` has an entry for each: per-sample gradients
/// of a network are `vmap(inDims: [nil, 0], grad { (p: StateDict, x: Tensor) in ... })(state, xs)`.
@_disfavoredOverload
public func vmap<P: TensorTree, Q: TensorTree, R: TensorTree>(
    inDims: [Int?]? = nil, outDim: Int = 0, randomness: VmapRandomness = .error,
    chunkSize: Int? = nil, _ f: @escaping (P, Q) -> R
) -> (P, Q) -> R {
    { p, q in
        let dims = Vmap.spread(inDims, over: [p.tensors.count, q.tensors.count])
        return Vmap(dims, outDim, randomness, chunkSize)
            .run(TreePair(p, q)) { f($0.first, $0.second) }
    }
}

/// The same for a function of three structures.
@_disfavoredOverload
public func vmap<P: TensorTree, Q: TensorTree, S: TensorTree, R: TensorTree>(
    inDims: [Int?]? = nil, outDim: Int = 0, randomness: VmapRandomness = .error,
    chunkSize: Int? = nil, _ f: @escaping (P, Q, S) -> R
) -> (P, Q, S) -> R {
    { p, q, s in
        let counts = [p.tensors.count, q.tensors.count, s.tensors.count]
        let dims = Vmap.spread(inDims, over: counts)
        return Vmap(dims, outDim, randomness, chunkSize).run(TreePair(p, TreePair(q, s))) {
            f($0.first, $0.second.first, $0.second.second)
        }
    }
}

extension Vmap {
    /// One entry for each tensor of arguments that have so many.
    fileprivate static func spread(_ dims: [Int?]?, over counts: [Int]) -> [Int?]? {
        // A wrong number of entries is refused, by its number, where the arguments are.
        guard let dims, dims.count == counts.count else { return dims }
        return zip(dims, counts).flatMap { [Int?](repeating: $0, count: $1) }
    }

    fileprivate func run<P: TensorTree, R: TensorTree>(_ p: P, _ f: @escaping (P) -> R) -> R {
        let flat = FlatFunction(f, at: p)
        let results = run(p.tensors) { flat($0) }
        return flat.rebuilt(results)
    }
}
