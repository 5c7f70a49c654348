/// A named unit of work.
struct Workload {
    /// Work that is set up, ready to be repeated.
    struct Unit {
        let step: () -> Void
        /// Further figures about the steps since the first, by name.
        var details: () -> [(name: String, value: Double)] = { [] }
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
    let make: () -> Unit

    init(
        _ name: String, _ unit: String, repetitions: Int = 1, maximalRuns: Int? = nil,
        squareProduct: Int? = nil, make: @escaping () -> Unit
    ) {
        self.name = name
        self.unit = unit
        self.repetitions = repetitions
        self.maximalRuns = maximalRuns
        self.squareProduct = squareProduct
        self.make = make
    }

    static let all: [Workload] =
        [Startup.workload, Chains.tiny] + Elementwise.all + Rows.all + Products.all + Training.all
        + [Chains.deep] + HigherOrder.all
}
