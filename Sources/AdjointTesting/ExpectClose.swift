public import AdjointCore

/// Two tensors that should agree and do not.
public struct Mismatch: Error, Sendable, CustomStringConvertible {
    /// Where and by how much they differ.
    public let description: String
}

/// Checks that two tensors have one shape, and elements within `atol + rtol * |expected|`; two
/// NaN agree. Their dtypes may differ.
///
/// - Throws: `Mismatch`, with the worst element.
public func expectClose(
    _ actual: Tensor, _ expected: Tensor, atol: Double = 1e-8, rtol: Double = 1e-5
) throws(Mismatch) {
    if let text = difference(actual, expected, atol, rtol) { throw Mismatch(description: text) }
}

/// Where two tensors differ most, in words; nil where they agree.
func difference(_ actual: Tensor, _ expected: Tensor, _ atol: Double, _ rtol: Double) -> String? {
    if actual.shape != expected.shape {
        return "shape \(actual.shape) where \(expected.shape) was expected"
    }
    let (p, q) = (actual.array(as: Double.self), expected.array(as: Double.self))
    var worst: (i: Int, excess: Double)?
    for i in p.indices {
        if p[i] == q[i] || (p[i].isNaN && q[i].isNaN) { continue }
        let distance = (p[i] - q[i]).magnitude
        let excess = distance - atol - rtol * q[i].magnitude
        if excess.isFinite && excess <= 0 { continue }
        let size = excess.isFinite ? excess : .infinity
        if size > worst?.excess ?? -1 { worst = (i, size) }
    }
    guard let i = worst?.i else { return nil }
    return "element \(i) of shape \(actual.shape) is \(p[i]) where \(q[i]) was expected"
}
