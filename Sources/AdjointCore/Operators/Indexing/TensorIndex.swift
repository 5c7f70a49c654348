/// What may stand between the brackets of `t[...]`: `Int` (negative ones count from the end),
/// ranges, `stride(from:to:by:)`, `.slice(_:_:step:)`, `.all`, `.newAxis`, `.ellipsis`, an array
/// of positions, a tensor of positions or a boolean mask.
public protocol TensorIndex: Sendable {
    /// The term, as the subscript understands it.
    var indexTerm: IndexTerm { get }
}

/// One term of an index, as the subscript understands it.
public enum IndexTerm: Sendable, TensorIndex {
    /// One position; the dimension disappears.
    case position(Int)
    /// Every `step`-th position from `start` up to, and without, `end`; nil for the ends of the
    /// dimension. Negative bounds count from the end; bounds outside the dimension are cut.
    case range(start: Int?, end: Int?, step: Int)
    /// A new dimension of size 1.
    case newDimension
    /// All the dimensions that the other terms leave.
    case rest
    /// Positions, or a mask.
    case tensor(Tensor)

    public var indexTerm: IndexTerm { self }
}

extension TensorIndex where Self == IndexTerm {
    /// The whole dimension.
    public static var all: IndexTerm { .range(start: nil, end: nil, step: 1) }
    /// A new dimension of size 1.
    public static var newAxis: IndexTerm { .newDimension }
    /// All the dimensions that the other terms leave; as the first term also written `...`.
    public static var ellipsis: IndexTerm { .rest }
    /// Every `step`-th position from `start` up to, and without, `end`. Negative bounds count from
    /// the end, nil stands for the end of the dimension: `.slice(nil, -1)` leaves out the last.
    public static func slice(_ start: Int? = nil, _ end: Int? = nil, step: Int = 1) -> IndexTerm {
        .range(start: start, end: end, step: step)
    }
}

extension Int: TensorIndex {
    public var indexTerm: IndexTerm { .position(self) }
}

extension Range: TensorIndex where Bound == Int {
    public var indexTerm: IndexTerm { .range(start: lowerBound, end: upperBound, step: 1) }
}

extension ClosedRange: TensorIndex where Bound == Int {
    public var indexTerm: IndexTerm {
        .range(start: lowerBound, end: IndexTerm.after(upperBound), step: 1)
    }
}

extension PartialRangeFrom: TensorIndex where Bound == Int {
    public var indexTerm: IndexTerm { .range(start: lowerBound, end: nil, step: 1) }
}

extension PartialRangeUpTo: TensorIndex where Bound == Int {
    public var indexTerm: IndexTerm { .range(start: nil, end: upperBound, step: 1) }
}

extension PartialRangeThrough: TensorIndex where Bound == Int {
    public var indexTerm: IndexTerm {
        .range(start: nil, end: IndexTerm.after(upperBound), step: 1)
    }
}

extension StrideTo: TensorIndex where Element == Int {
    public var indexTerm: IndexTerm {
        let (from, to, by) = IndexTerm.bounds(customMirror)
        return .range(start: from, end: to, step: by)
    }
}

extension StrideThrough: TensorIndex where Element == Int {
    public var indexTerm: IndexTerm {
        let (from, through, by) = IndexTerm.bounds(customMirror)
        return .range(start: from, end: IndexTerm.after(through), step: by)
    }
}

extension Tensor: TensorIndex {
    public var indexTerm: IndexTerm { .tensor(self) }
}

/// Positions: `t[[0, 2]]`.
extension Array: TensorIndex where Element == Int {
    public var indexTerm: IndexTerm { .tensor(Tensor(self, shape: [count], dtype: .int64)) }
}

extension IndexTerm {
    /// The end of a range that includes `last`; the end of the dimension after position -1.
    fileprivate static func after(_ last: Int) -> Int? {
        last == -1 || last == .max ? nil : last + 1
    }

    /// The three numbers of a stride, which only its mirror shows.
    fileprivate static func bounds(_ mirror: Mirror) -> (Int, Int, Int) {
        let numbers = mirror.children.compactMap { $0.value as? Int }
        return numbers.count == 3 ? (numbers[0], numbers[1], numbers[2]) : (0, 0, 0)
    }

    /// The first position and the number of positions of a slice of a dimension of `size`.
    static func span(_ start: Int?, _ end: Int?, _ step: Int, of size: Int)
        throws(TensorError) -> (start: Int, length: Int)
    {
        if step <= 0 {
            throw TensorError(
                .argument,
                "a slice's step must be positive, and this one is \(step); flip(_:) "
                    + "reverses a dimension")
        }
        func place(_ bound: Int) -> Int {
            Swift.min(
                Swift.max(bound < 0 ? bound.addingReportingOverflow(size).partialValue : bound, 0),
                size)
        }
        let first = start.map(place) ?? 0
        let last = end.map(place) ?? size
        return (first, last <= first ? 0 : (last - first - 1) / step + 1)
    }
}
