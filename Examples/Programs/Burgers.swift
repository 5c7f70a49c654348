// A network learns a flow with a shock from nothing but the equation that the flow obeys.
public import Adjoint

/// Training of a physics-informed network (Raissi, Perdikaris and Karniadakis, 2019) for Burgers'
/// equation
///
///     u_t + u u_x = ν u_xx,   ν = 0.01/π,   u(0, x) = -sin(πx),   u(t, ±1) = 0
///
/// for t from 0 to 1 and x from -1 to 1. A wave steepens until friction halts it, at x = 0.
public struct BurgersTraining: Sendable {
    static let viscosity = 0.01 / Double.pi

    /// How many steps: first those of Adam, on points drawn anew now and then, which finds the
    /// shape; then iterations of LBFGS, on fixed points, which knows the curvature and gets it right.
    public var steps = 2_400
    /// The share of the steps that are Adam's.
    public var adamShare = 0.5
    /// In how many points a step looks at the equation.
    public var points = 2_000
    /// The rate that Adam starts with; it falls to a twentieth along a cosine.
    public var learningRate = 4e-3
    /// What the first weights and the points are drawn from.
    public var seed = 0

    /// The settings above.
    public init() {}

    /// Trains, and compares with the exact solution. `report` hears of every step, with the error
    /// every twentieth of the way; false ends the training.
    public func run(
        _ report: (ExampleProgress) -> Bool = { _ in true }
    ) -> (solution: BurgersSolution, error: Double) {
        withGenerator(seed: seed) {
            let solution = BurgersSolution()
            let adamSteps = Int((Double(steps) * adamShare).rounded(.down))
            let exact = BurgersReference()
            var (step, goesOn) = (0, true)
            func tell(_ loss: Tensor) {
                step += 1
                let isMeasured = step % max(steps / 20, 1) == 0 && step < steps
                goesOn = report(
                    ExampleProgress(
                        step: step, steps: steps, loss: loss.item(),
                        measured: isMeasured ? exact.error(of: solution) : nil))
            }

            let adam = Adam(solution.parameters(), learningRate: learningRate)
            let schedule = CosineAnnealingLR(
                adam, tMax: max(adamSteps, 1), etaMin: learningRate / 20)
            var places = Places(points)
            while goesOn, step < adamSteps {
                if step % 100 == 0 { places = Places(points) }
                let loss = adam.step {
                    adam.zeroGrad()
                    let loss = solution.residual(places).square().mean()
                    loss.backward()
                    return loss
                }
                schedule.step()
                tell(loss)
            }

            let lbfgs = LBFGS(
                solution.parameters(), maxIter: 1, historySize: 50, lineSearch: .strongWolfe)
            places = Places(2 * points)
            while goesOn, step < steps {
                let loss = lbfgs.step {
                    lbfgs.zeroGrad()
                    let loss = solution.residual(places).square().mean()
                    loss.backward()
                    return loss
                }
                tell(loss)
            }
            return (solution, exact.error(of: solution))
        }
    }
}

/// Where the equation is looked at, t and x of [count, 1]: half of the points anywhere, half near
/// x = 0, where the shock stands.
struct Places {
    let t: Tensor
    let x: Tensor

    init(_ count: Int) {
        let anywhere = 2 * Tensor.rand(count / 2, 1) - 1
        let nearShock = (0.1 * Tensor.randn(count - count / 2, 1)).clamp(min: -1, max: 1)
        t = Tensor.rand(count, 1).requiresGrad_()
        x = Tensor.cat([anywhere, nearShock]).requiresGrad_()
    }
}

/// u(t, x) as a network has it.
public final class BurgersSolution: Module {
    let layers: Sequential

    /// `depth` hidden layers, each `width` wide.
    public init(depth: Int = 4, width: Int = 32) {
        var layers: [any Layer] = [Linear(2, width), Tanh()]
        for _ in 1..<depth { layers += [Linear(width, width), Tanh()] }
        self.layers = Sequential(layers + [Linear(width, 1)])
        for case let linear as Linear in layers { Init.xavierNormal_(linear.weight, gain: 5.0 / 3) }
    }

    /// Times and places of [count, 1] give values of [count, 1].
    ///
    /// The network is a factor in a formula that is right at t = 0 and at x = ±1 whatever the network
    /// says. So the equation is all there is to learn; without this, those conditions would be
    /// further losses, to be weighed against it.
    public func callAsFunction(_ t: Tensor, _ x: Tensor) -> Tensor {
        let free = layers(Tensor.cat([2 * t - 1, x], dim: 1))
        return t * (1 - x * x) * free - (Double.pi * x).sin()
    }

    /// By how much the equation is missed at each place. The derivatives by t and x are taken with
    /// `createGraph`, so that they are functions of the weights, which the loss is differentiated by.
    func residual(_ places: Places) -> Tensor {
        let (t, x) = (places.t, places.x)
        let u = self(t, x)
        let first = grads(of: [u.sum()], wrt: [t, x], createGraph: true)
        let (ut, ux) = (first[0]!, first[1]!)
        let uxx = grad(of: ux.sum(), wrt: x, createGraph: true)
        return ut + u * ux - BurgersTraining.viscosity * uxx
    }

    /// The values at time `t` and `places`, from x = -1 to 1.
    public func values(at t: Double, places: Int) -> [Double] {
        let x = Tensor.linspace(-1, 1, places).unsqueeze(1)
        return noGrad { self(Tensor.full([places, 1], t), x).array(as: Double.self) }
    }
}
