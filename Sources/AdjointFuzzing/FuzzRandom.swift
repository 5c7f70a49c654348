/// Numbers at random that follow from a seed and the number of an input alone, so that any input of
/// a run can be made again by itself. SplitMix64 (Steele, Lea, Flood, 2014).
public struct FuzzRandom: Sendable {
    private var state: UInt64

    /// The numbers of input `input` of the run of `seed`.
    public init(seed: UInt64, input: Int) {
        state = seed &* 0xD134_2543_DE82_EF95
        state = next() ^ UInt64(truncatingIfNeeded: input)
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// A number in `0..<bound`; 0 for a bound below 2.
    public mutating func below(_ bound: Int) -> Int {
        bound < 2 ? 0 : Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// True once in `count` times.
    mutating func once(in count: Int) -> Bool { below(count) == 0 }

    mutating func pick<T>(_ values: [T]) -> T { values[below(values.count)] }
}
