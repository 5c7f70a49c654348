/// eˣ for each element `x`.
public func exp(_ x: Tensor) -> Tensor { x.exp() }
/// The natural logarithm of each element.
public func log(_ x: Tensor) -> Tensor { x.log() }
/// The square root of each element.
public func sqrt(_ x: Tensor) -> Tensor { x.sqrt() }
/// The hyperbolic tangent of each element.
public func tanh(_ x: Tensor) -> Tensor { x.tanh() }
/// The sine of each element.
public func sin(_ x: Tensor) -> Tensor { x.sin() }
/// The cosine of each element.
public func cos(_ x: Tensor) -> Tensor { x.cos() }
/// max(x, 0) for each element `x`.
public func relu(_ x: Tensor) -> Tensor { x.relu() }
/// 1 / (1 + e⁻ˣ) for each element `x`.
public func sigmoid(_ x: Tensor) -> Tensor { x.sigmoid() }
