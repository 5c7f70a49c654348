import Testing

@testable import AdjointCore

/// True where both are the same numbers within a relative 1e-12; NaN agrees with NaN.
func agree(_ got: [Double]?, _ want: [Double]) -> Bool {
    guard let got, got.count == want.count else { return false }
    return zip(got, want).allSatisfy { a, b in
        a == b || (a.isNaN && b.isNaN) || abs(a - b) <= 1e-12 * Swift.max(abs(a), abs(b))
    }
}

/// The gradients, at leaves with these numbers, of the sum of what `body` makes of them.
func gradients(_ points: [Double]..., of body: ([Tensor]) -> Tensor) -> [[Double]] {
    let leaves = points.map { leaf($0) }
    body(leaves).sum().backward()
    return leaves.map { values($0.grad) ?? [] }
}

/// The gradient at one leaf of the sum of what `body` makes of it.
func gradient(_ point: [Double], of body: (Tensor) -> Tensor) -> [Double] {
    gradients(point) { body($0[0]) }[0]
}
