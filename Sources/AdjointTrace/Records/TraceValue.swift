/// What a trace knows of the elements of a tensor or a gradient.
///
/// Numbers are `Double`s that print like the element did: of a float32 the one that is written with
/// the fewest digits, so that `Float(number)` gives the element back, bit for bit.
public enum TraceValue: Sendable {
    /// Why there are no elements.
    public enum Reason: String, Sendable, CaseIterable {
        /// The options of the trace left them out.
        case notCaptured = "not-captured"
        /// Nothing has computed them yet.
        case notComputed = "not-computed"
        /// The memory was given back.
        case freed
        /// No gradient flows here: a symbolic zero.
        case undefinedGrad = "undefined-grad"
    }

    /// No elements, and why.
    case none(Reason)
    /// Elements, row-major. `exact` is true where all are given, false where some are left out or
    /// rounded, nil where the writer does not say.
    case full([Double], exact: Bool?)
    /// Statistics.
    indirect case sum(TraceSummary)

    /// The only element; nil where there are several, or none is known.
    public var scalar: Double? {
        if case .full(let data, _) = self, data.count == 1 { return data[0] }
        return nil
    }

    /// All elements; nil where they are not all known.
    public var elements: [Double]? {
        if case .full(let data, let exact) = self, exact != false { return data }
        return nil
    }
}

extension TraceValue: Equatable {
    /// Bit for bit, and with every NaN equal to every other.
    public static func == (a: TraceValue, b: TraceValue) -> Bool {
        switch (a, b) {
        case (.none(let a), .none(let b)): a == b
        case (.full(let a, let exactA), .full(let b, let exactB)):
            exactA == exactB && a.count == b.count && zip(a, b).allSatisfy(SameNumber.areSame)
        case (.sum(let a), .sum(let b)): a == b
        default: false
        }
    }
}

/// Statistics of many elements. `min`, `max`, `mean`, `std`, `l2` and `absmax` are of the finite
/// elements and nil where there are none.
public struct TraceSummary: Sendable, Equatable {
    /// How many elements there are.
    public var n: Int
    /// The smallest.
    @SameNumber public var min: Double?
    /// The largest.
    @SameNumber public var max: Double?
    /// The mean.
    @SameNumber public var mean: Double?
    /// The standard deviation of the elements, with divisor `n`.
    @SameNumber public var std: Double?
    /// The Euclidean norm.
    @SameNumber public var l2: Double?
    /// The largest size.
    @SameNumber public var absmax: Double?
    /// How many are 0, none, or infinite.
    public var zeros: Int?
    /// How many are not a number.
    public var nan: Int?
    /// How many are infinite, of either sign.
    public var inf: Int?
    /// The first elements, row-major, at most 64.
    public var head: [Double]
    /// How they are spread; nil where none was asked for.
    public var hist: TraceHistogram?

    /// Statistics of `n` elements; what is nil is not known.
    public init(
        n: Int, min: Double? = nil, max: Double? = nil, mean: Double? = nil, std: Double? = nil,
        l2: Double? = nil, absmax: Double? = nil, zeros: Int? = nil, nan: Int? = nil,
        inf: Int? = nil, head: [Double] = [], hist: TraceHistogram? = nil
    ) {
        self.n = n
        self.min = min
        self.max = max
        self.mean = mean
        self.std = std
        self.l2 = l2
        self.absmax = absmax
        self.zeros = zeros
        self.nan = nan
        self.inf = inf
        self.head = head
        self.hist = hist
    }

    public static func == (a: TraceSummary, b: TraceSummary) -> Bool {
        a.n == b.n && a._min == b._min && a._max == b._max && a._mean == b._mean
            && a._std == b._std && a._l2 == b._l2 && a._absmax == b._absmax && a.zeros == b.zeros
            && a.nan == b.nan && a.inf == b.inf && a.hist == b.hist
            && a.head.count == b.head.count
            && zip(a.head, b.head).allSatisfy(SameNumber.areSame)
    }
}

/// How many finite elements lie between each two neighbouring edges.
public struct TraceHistogram: Sendable, Equatable {
    /// Ascending, one more than there are counts.
    public var edges: [Double]
    /// How many elements lie between each two neighbouring edges.
    public var counts: [Int]

    /// A histogram: one edge more than there are counts.
    public init(edges: [Double], counts: [Int]) {
        self.edges = edges
        self.counts = counts
    }
}

/// A number that equals itself: NaN equals NaN, and 0 differs from −0.
@propertyWrapper
public struct SameNumber: Sendable, Equatable {
    /// The number, or none.
    public var wrappedValue: Double?

    /// The number, or none.
    public init(wrappedValue: Double?) { self.wrappedValue = wrappedValue }

    public static func == (a: SameNumber, b: SameNumber) -> Bool {
        guard let x = a.wrappedValue, let y = b.wrappedValue else {
            return a.wrappedValue == nil && b.wrappedValue == nil
        }
        return areSame(x, y)
    }

    static func areSame(_ x: Double, _ y: Double) -> Bool {
        x.isNaN ? y.isNaN : x.bitPattern == y.bitPattern
    }
}
