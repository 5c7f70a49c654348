/// Which examples are learned from and which are held out to measure what was learned.
public struct HeldOutSplit: Sendable, Equatable {
    /// The positions of the examples to train on, shuffled.
    public let training: [Int]
    /// The positions of the examples held out, in ascending order.
    public let heldOut: [Int]

    /// Holds out `fraction` of `count` examples, chosen by `seed` alone: the same on every machine.
    /// At least one example lands on either side; `count` must be 2 or more.
    public init(count: Int, fraction: Double = 0.2, seed: Int) {
        var order = Array(0..<count)
        var generator = SplitMix64(seed: seed)
        for last in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(last, Int(generator.next(below: UInt64(last + 1))))
        }
        let size = min(max(Int((Double(count) * fraction).rounded()), 1), count - 1)
        heldOut = order[..<size].sorted()
        training = Array(order[size...])
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014): what the split is drawn with. Written out because the
/// order in which the standard library shuffles may change with its version, and a resumed run
/// must hold out what it held out before.
struct SplitMix64 {
    private var state: UInt64

    init(seed: Int) { state = UInt64(bitPattern: Int64(seed)) }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number from 0 up to `bound`, each as likely to within 2⁻⁶⁴ (Lemire's multiplication).
    mutating func next(below bound: UInt64) -> UInt64 {
        next().multipliedFullWidth(by: bound).high
    }
}
