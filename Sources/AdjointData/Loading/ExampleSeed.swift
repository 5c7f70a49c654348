import AdjointCore

/// Seeds of the generators that examples and batches draw from: functions of the epoch and of
/// numbers, so that neither order nor threads matter.
enum ExampleSeed {
    /// The seed for the example at `index`, when it comes for the `occurrence`th time.
    static func example(_ epoch: Generator.State, _ index: Int, _ occurrence: Int) -> Int {
        mixed(epoch, 1, index, occurrence)
    }

    /// The seed for what belongs to a batch as a whole.
    static func batch(_ epoch: Generator.State, _ number: Int) -> Int { mixed(epoch, 2, number, 0) }

    private static func mixed(_ epoch: Generator.State, _ parts: Int...) -> Int {
        var value = scrambled(epoch.seed)
        value = scrambled(value ^ epoch.offset)
        for part in parts { value = scrambled(value ^ UInt64(bitPattern: Int64(part))) }
        return Int(truncatingIfNeeded: value)
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014): a bijection that changes half the bits of the
    /// output for each bit of the input.
    private static func scrambled(_ input: UInt64) -> UInt64 {
        var value = input &+ 0x9E37_79B9_7F4A_7C15
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
