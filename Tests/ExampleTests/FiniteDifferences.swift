import Foundation

/// A reference of another kind: Burgers' equation on a fixed grid.
enum FiniteDifferences {
    /// u at `times`, which ascend from 0, and at `places` equally spaced places from -1 to 1, for
    /// u_t = -(u²/2)_x + ν u_xx with u(0, x) = -sin(πx) and u = 0 at both ends.
    ///
    /// Central differences of second order on 8 cells between two places; time steps by the
    /// method of Heun, each 0.4 of what diffusion and flow allow.
    static func burgers(viscosity: Double, times: [Double], places: Int) -> [[Double]] {
        let refinement = 8
        let cells = (places - 1) * refinement
        let h = 2 / Double(cells)
        let limit = 0.4 * min(h * h / (2 * viscosity), h)
        var u = (0...cells).map { -sin(.pi * (Double($0) * h - 1)) }
        (u[0], u[cells]) = (0, 0)
        var rate = [Double](repeating: 0, count: cells + 1)
        var (middle, later) = (rate, rate)

        func slope(_ u: [Double], _ rate: inout [Double]) {
            for i in 1..<cells {
                let flow = (u[i + 1] * u[i + 1] - u[i - 1] * u[i - 1]) / (4 * h)
                rate[i] = viscosity * (u[i + 1] - 2 * u[i] + u[i - 1]) / (h * h) - flow
            }
        }

        var rows: [[Double]] = []
        var now = 0.0
        for time in times {
            let count = Int(((time - now) / limit).rounded(.up))
            let dt = count > 0 ? (time - now) / Double(count) : 0
            for _ in 0..<count {
                slope(u, &rate)
                for i in 1..<cells { middle[i] = u[i] + dt * rate[i] }
                slope(middle, &later)
                for i in 1..<cells { u[i] += dt / 2 * (rate[i] + later[i]) }
            }
            now = time
            rows.append((0..<places).map { u[$0 * refinement] })
        }
        return rows
    }
}
