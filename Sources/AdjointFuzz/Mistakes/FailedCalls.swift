extension MistakeTable {
    /// Calls that failed once: the seed, the draw, and the function. Every sweep begins with them.
    static let failed: [(seed: UInt64, draw: Int, name: String)] = []
}
