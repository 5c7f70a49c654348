import Adjoint

/// The exact solution of the Burgers problem, by the transform of Hopf (1950) and Cole (1951):
///
///     u(t, x) = -∫ sin(πy) f(y) g(x - y) dy / ∫ f(y) g(x - y) dy,
///     f(y) = exp(-cos(πy) / 2πν),   g(z) = exp(-z² / 4νt)
///
/// Sums over equal steps of z/√4νt take the place of the integrals; for smooth functions that fade
/// away at both ends they converge faster than any power of the step.
public struct BurgersReference: Sendable {
    /// The times of the grid that errors are measured on, 0...1.
    public static let times = (0...50).map { Double($0) / 50 }
    /// How many places the grid has at each time, from -1 to 1.
    public static let placeCount = 257

    private let rows: [[Double]]

    /// The solution on the grid.
    public init() {
        rows = Self.times.map { Self.values(at: $0, places: Self.placeCount) }
    }

    /// The exact values at time `t`, from 0 to 1, at `places` places from x = -1 to 1.
    public static func values(at t: Double, places: Int) -> [Double] {
        let nu = BurgersTraining.viscosity
        let x = Tensor.linspace(-1, 1, places, dtype: .float64).unsqueeze(1)
        if t <= 0 { return (-(Double.pi * x).sin()).array(as: Double.self) }
        let s = Tensor.linspace(-16, 16, 2_001, dtype: .float64)
        let y = x - s * (4 * nu * t).squareRoot()
        // Softmax divides by the second integral, and keeps exp(±50) in range.
        let weights = (-(Double.pi * y).cos() / (2 * Double.pi * nu) - s * s).softmax(dim: 1)
        return (-(Double.pi * y).sin() * weights).sum(dim: 1).array(as: Double.self)
    }

    /// The relative L2 error of `solution` on the grid: ‖found - exact‖ / ‖exact‖.
    public func error(of solution: BurgersSolution) -> Double {
        var (squares, norm) = (0.0, 0.0)
        for (t, exact) in zip(Self.times, rows) {
            for (found, exact) in zip(solution.values(at: t, places: exact.count), exact) {
                squares += (found - exact) * (found - exact)
                norm += exact * exact
            }
        }
        return (squares / norm).squareRoot()
    }
}
