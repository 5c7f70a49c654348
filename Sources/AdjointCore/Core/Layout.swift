/// Where the elements of a tensor lie in its storage: element `(i, j, ...)` is
/// `offset + i * strides[0] + j * strides[1] + ...`, counted in elements.
public struct Layout: Sendable, Equatable {
    /// The size of each dimension, the outermost first.
    public let sizes: Dims
    /// How many elements of storage lie between neighbours of each dimension; 0 where it is
    /// expanded.
    public let strides: Dims
    /// Where the first element lies, in elements from the beginning of the storage.
    public let offset: Int
    /// The number of elements.
    public let count: Int
    /// True where the elements lie row-major without gaps.
    public let isContiguous: Bool

    /// A layout of any strides; nothing is checked against a storage here.
    public init(sizes: Dims, strides: Dims, offset: Int) {
        self.sizes = sizes
        self.strides = strides
        self.offset = offset
        count = sizes.product
        var expected = 1
        var dense = true
        for i in stride(from: sizes.count - 1, through: 0, by: -1) where sizes[i] != 1 {
            if strides[i] != expected { dense = false }
            expected = expected &* sizes[i]
        }
        isContiguous = dense || count == 0
    }

    /// Row-major from the first element of a storage.
    public init(contiguous sizes: Dims) {
        self.sizes = sizes
        var strides = Dims(repeating: 1, count: sizes.count)
        var step = 1
        for i in Swift.stride(from: sizes.count - 1, through: 0, by: -1) {
            strides[i] = step
            step = step &* Swift.max(sizes[i], 1)
        }
        self.strides = strides
        offset = 0
        count = sizes.product
        isContiguous = true
    }

    /// The number of dimensions.
    public var rank: Int { sizes.count }

    /// True where every position reads the same element, as in a single number that was expanded.
    var isOneNumber: Bool {
        if count == 1 { return true }
        for i in 0..<rank where sizes[i] != 1 && strides[i] != 0 { return false }
        return count > 0
    }

    /// True where two positions may share one element: a stride of 0, as `expand` makes, or strides
    /// that do not nest.
    var mayOverlap: Bool {
        if count <= 1 || isContiguous { return false }
        let order = (0..<rank).filter { sizes[$0] > 1 }.sorted { strides[$0] < strides[$1] }
        var reach = 0
        for i in order {
            if strides[i] <= reach { return true }
            reach &+= strides[i] &* (sizes[i] - 1)
        }
        return false
    }

    /// One past the last element of the storage that this layout touches; 0 where there is none,
    /// and the largest Int where it cannot be counted.
    var extent: Int {
        if count == 0 { return 0 }
        var last = offset
        for i in 0..<rank {
            let (step, far) = (sizes[i] - 1).multipliedReportingOverflow(by: strides[i])
            let (next, beyond) = last.addingReportingOverflow(step)
            if far || beyond || next == .max { return .max }
            last = next
        }
        return last + 1
    }

    /// The same elements in the same memory order, as dense as a permutation allows: strides of a
    /// fresh tensor that keeps the order of this one's dimensions.
    func denseLike() -> Layout {
        if isContiguous || mayOverlap { return Layout(contiguous: sizes) }
        var strides = Dims(repeating: 1, count: rank)
        var step = 1
        for i in (0..<rank).sorted(by: { (self.strides[$0], $1) < (self.strides[$1], $0) }) {
            strides[i] = step
            step = step &* Swift.max(sizes[i], 1)
        }
        return Layout(sizes: sizes, strides: strides, offset: 0)
    }
}

extension Layout {
    /// The layout that reads these elements at the larger shape `target`: a stride of 0 along each
    /// broadcast dimension. The caller has checked that the shape fits.
    func broadcast(to target: Dims) -> Layout {
        if sizes == target { return self }
        var strides = Dims(repeating: 0, count: target.count)
        let lead = target.count - rank
        for i in 0..<rank { strides[lead + i] = sizes[i] == 1 ? 0 : self.strides[i] }
        return Layout(sizes: target, strides: strides, offset: offset)
    }

    /// The shape of two operands together, or nil where they do not broadcast.
    static func broadcastSizes(_ a: Dims, _ b: Dims) -> Dims? {
        if a == b { return a }
        let (long, short) = a.count >= b.count ? (a, b) : (b, a)
        var result = long
        let lead = long.count - short.count
        for i in 0..<short.count {
            let (p, q) = (long[lead + i], short[i])
            if p == q || q == 1 { continue }
            if p != 1 { return nil }
            result[lead + i] = q
        }
        return result
    }
}
