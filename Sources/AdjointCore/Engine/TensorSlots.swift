/// A short list of optional tensors, one a position: gradients, tangents or saved values.
/// A missing one stands for zero and is never materialised on the way.
public struct TensorSlots {
    var a: Tensor?
    var b: Tensor?
    var c: Tensor?
    var rest: [Tensor?] = []

    /// Nothing at any position.
    public init() {}

    /// A tensor at position 0, or nothing.
    public init(_ first: Tensor?) { a = first }

    /// A value for each position, from 0 on.
    public init(_ values: [Tensor?]) {
        for i in values.indices { self[i] = values[i] }
    }

    /// Nil beyond what was set; setting grows the list.
    public subscript(i: Int) -> Tensor? {
        @inline(__always) get {
            switch i {
            case 0: a
            case 1: b
            case 2: c
            default: i - 3 < rest.count ? rest[i - 3] : nil
            }
        }
        @inline(__always) set {
            switch i {
            case 0: a = newValue
            case 1: b = newValue
            case 2: c = newValue
            default: setRest(i - 3, newValue)
            }
        }
    }

    private mutating func setRest(_ i: Int, _ value: Tensor?) {
        while rest.count <= i { rest.append(nil) }
        rest[i] = value
    }

    func array(count: Int) -> [Tensor?] { (0..<count).map { self[$0] } }

    /// Takes the tensor at `i` out, so that its holder may be the only one.
    mutating func take(_ i: Int) -> Tensor? {
        switch i {
        case 0: return a.take()
        case 1: return b.take()
        case 2: return c.take()
        default:
            let value = self[i]
            if i - 3 < rest.count { rest[i - 3] = nil }
            return value
        }
    }
}

/// A set of positions among an operation's inputs.
public struct InputSet: Sendable {
    var bits: UInt64
    /// No input.
    public static let none = InputSet(bits: 0)
    /// Every input.
    public static let all = InputSet(bits: .max)

    /// Positions from 63 on share one bit.
    @inline(__always)
    public func contains(_ i: Int) -> Bool { bits & (1 << UInt64(Swift.min(i, 63))) != 0 }
    /// Adds a position; those from 63 on share one bit.
    @inline(__always)
    public mutating func insert(_ i: Int) { bits |= 1 << UInt64(Swift.min(i, 63)) }
}

/// The inputs and outputs that an operation keeps for its derivative.
public struct SavedSet: OptionSet, Sendable {
    /// One bit an input from the lowest on, one an output from bit 48 on.
    public let rawValue: UInt64
    /// The inputs and outputs of these bits.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Nothing is kept.
    public static let none: SavedSet = []
    /// The first input.
    public static let input = SavedSet(rawValue: 1)
    /// The second input.
    public static let second = SavedSet(rawValue: 2)
    /// The first two inputs.
    public static let inputs: SavedSet = [.input, .second]
    /// The first result.
    public static let output = SavedSet.output(0)
    /// The input at position `i`, 0...47; nothing beyond that.
    public static func input(_ i: Int) -> SavedSet {
        (0..<48).contains(i) ? SavedSet(rawValue: 1 << UInt64(i)) : []
    }
    /// The result at position `i`, 0...15; nothing beyond that.
    public static func output(_ i: Int) -> SavedSet {
        (0..<16).contains(i) ? SavedSet(rawValue: 1 << UInt64(48 + i)) : []
    }

    static let anyInput = SavedSet(rawValue: (1 << 48) - 1)

    var outputBits: UInt64 { rawValue >> 48 }
}

extension TensorSlots {
    /// True where any of the first `count` positions holds a tensor.
    func isDefined(_ count: Int) -> Bool {
        a != nil || (count > 1 && (b != nil || c != nil || rest.contains { $0 != nil }))
    }
}
