public import AdjointCore

/// Layers applied one after the other. Their names are their positions: "0", "1", ...
public final class Sequential: HookedLayer {
    /// The layers, in order.
    public let layers: [any Layer]

    /// These layers, each of which takes what the one before gives.
    public init(_ layers: any Layer...) { self.layers = layers }
    /// The layers of an array, each of which takes what the one before gives.
    public init(_ layers: [any Layer]) { self.layers = layers }

    public var parts: [ModulePart] {
        layers.enumerated().map { ModulePart("\($0)", .module($1)) }
    }

    /// The number of layers.
    public var count: Int { layers.count }

    /// The layer at `i`.
    ///
    /// - Errors: `.index` where there is none.
    public subscript(i: Int) -> any Layer { layers.part(at: i, "Sequential") ?? Identity() }

    public func forward(_ x: Tensor) -> Tensor {
        layers.reduce(x) { $1.hooked($0) }
    }
}
