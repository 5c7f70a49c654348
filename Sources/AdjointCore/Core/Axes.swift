/// The dimensions that a reduction takes away.
public struct Axes: Hashable, Sendable {
    /// Nil for all of them.
    let dims: [Int]?
    /// True where they stay, with size 1.
    let keeps: Bool

    static let all = Axes(nil)

    /// An empty list stands for all dimensions, as PyTorch has it.
    init(_ dims: [Int]?, keeps: Bool = false) {
        self.dims = dims?.isEmpty == true ? nil : dims
        self.keeps = keeps
    }

    /// Which dimensions of a tensor of `rank` dimensions are reduced.
    func mask(_ rank: Int) throws(TensorError) -> [Bool] {
        guard let dims else { return [Bool](repeating: true, count: rank) }
        var mask = [Bool](repeating: false, count: rank)
        for dim in dims {
            let i = try Dim.resolve(dim, rank)
            if rank == 0 { continue }
            if mask[i] {
                throw TensorError(
                    .index, "dim \(i) appears several times in the list of dims \(dims)")
            }
            mask[i] = true
        }
        return mask
    }

    /// The shape that is left.
    func reduced(_ sizes: Dims) throws(TensorError) -> Dims {
        if dims == nil && !keeps { return [] }
        let mask = try mask(sizes.count)
        var left: [Int] = []
        for i in 0..<sizes.count {
            if !mask[i] { left.append(sizes[i]) } else if keeps { left.append(1) }
        }
        return Dims(left)
    }

    /// The shape with the reduced dimensions at size 1.
    func kept(_ sizes: Dims) -> Dims {
        guard let mask = try? mask(sizes.count) else { return sizes }
        var kept = sizes
        for i in 0..<sizes.count where mask[i] { kept[i] = 1 }
        return kept
    }

    /// How many elements are reduced into one.
    func count(_ sizes: Dims) -> Int {
        guard let mask = try? mask(sizes.count) else { return 1 }
        return (0..<sizes.count).reduce(1) { mask[$1] ? $0 &* sizes[$1] : $0 }
    }
}

/// One dimension as users write it: negative ones count from the end.
enum Dim {
    static func resolve(_ dim: Int, _ rank: Int) throws(TensorError) -> Int {
        let span = Swift.max(rank, 1)
        if dim >= -span && dim < span { return dim < 0 ? dim + span : dim }
        throw TensorError(
            .index,
            "dimension out of range: expected to be in [\(-span), \(span - 1)] for a tensor of "
                + "\(rank) dimensions, but got \(dim)")
    }
}
