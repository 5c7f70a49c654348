/// A named unit of work.
struct Workload: Sendable {
    /// Work that is set up, ready to be repeated.
    struct Unit {
        let step: () -> Void
        /// Further figures about the last steps, as many as given, by name.
        var details: (Int) -> [(name: String, value: Double)] = { _ in [] }
    }

    let name: String
    /// What one unit is, for readers.
    let unit: String
    /// How many units make up one timed run, so that a run is long enough for the clock.
    let repetitions: Int
    /// No more runs than this, where each one is slow.
    var maximalRuns: Int?
    /// The order of the matrices, for a product that OpenBLAS can be compared with.
    var squareProduct: Int?
    let make: @Sendable () -> Unit

    init(
        _ name: String, _ unit: String, repetitions: Int = 1, maximalRuns: Int? = nil,
        squareProduct: Int? = nil, make: @escaping @Sendable () -> Unit
    ) {
        self.name = name
        self.unit = unit
        self.repetitions = repetitions
        self.maximalRuns = maximalRuns
        self.squareProduct = squareProduct
        self.make = make
    }

    static let all: [Workload] =
        [Startup.workload, Bandwidth.workload, Chains.tiny] + Elementwise.all + Rows.all
        + Products.all + Training.all
        + Sequences.all + [Chains.deep] + HigherOrder.all + Recording.all
}
