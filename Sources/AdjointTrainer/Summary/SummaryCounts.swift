import AdjointCore

// Counts of a summary, which stay at the largest number where they would pass it: a network on
// `.meta` has any size.

extension Int {
    /// Adds `count`, as far as an Int counts.
    mutating func add(_ count: Int) {
        let sum = addingReportingOverflow(count)
        self = sum.overflow ? .max : sum.partialValue
    }
}

extension Sequence {
    /// The sum of what each element has of something, as far as an Int counts.
    func sum(of count: (Element) -> Int) -> Int { reduce(into: 0) { $0.add(count($1)) } }
}

extension Tensor {
    /// How many bytes its elements take.
    var bytes: Int { bytes(of: dtype) }
    /// How many bytes its gradient takes.
    var gradientBytes: Int { bytes(of: gradDType ?? dtype) }

    private func bytes(of dtype: DType) -> Int {
        let product = numel.multipliedReportingOverflow(by: dtype.itemSize)
        return product.overflow ? .max : product.partialValue
    }
}
