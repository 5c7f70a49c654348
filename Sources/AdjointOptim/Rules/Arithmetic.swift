import AdjointCore
import CAdjoint

extension Double {
    /// The power of a whole number of steps.
    func raised(to exponent: Int) -> Double { adj_m_pow(self, Double(exponent)) }

    /// The power of any number; NaN where none is real.
    func raised(to exponent: Double) -> Double { adj_m_pow(self, exponent) }
}

extension ParameterState {
    /// Moves the running means of gradients and of their squares on, and returns them.
    mutating func means(of parameter: Tensor, _ gradient: Tensor, _ betas: (Double, Double))
        -> (mean: Tensor, square: Tensor)
    {
        let mean = tensor("exp_avg", of: parameter)
        let square = tensor("exp_avg_sq", of: parameter)
        mean.lerp_(gradient, 1 - betas.0)
        square.mul_(betas.1).addcmul_(gradient, gradient, value: 1 - betas.1)
        return (mean, square)
    }
}
