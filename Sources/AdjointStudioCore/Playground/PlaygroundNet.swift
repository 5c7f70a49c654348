import Adjoint

/// The playground's network: some layers, an activation between them, and one number out.
final class PlaygroundNet: Module {
    let layers: [Linear]
    let activation: PlaygroundSettings.Activation

    init(_ settings: PlaygroundSettings) {
        let widths = [2] + settings.hidden + [1]
        layers = zip(widths, widths.dropFirst()).map { Linear($0, $1) }
        activation = settings.activation
    }

    /// Logits of class 1, of shape [n, 1], for points of shape [n, 2].
    func callAsFunction(_ points: Tensor) -> Tensor {
        var h = points
        for (index, layer) in layers.enumerated() {
            h = layer(h)
            guard index < layers.count - 1 else { break }
            switch activation {
            case .tanh: h = h.tanh()
            case .relu: h = h.relu()
            case .sigmoid: h = h.sigmoid()
            }
        }
        return h
    }
}
