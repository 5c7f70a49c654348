import CAdjoint

/// The sizes that a normalisation runs over, as its kernels take them.
enum NormalizationSizes: Sendable, Hashable {
    /// Rows of `width` numbers, each with statistics of its own.
    case rows(Int, width: Int)
    /// [batch, channels, spatial], statistics by channel.
    case channels(batch: Int, Int, spatial: Int)
}

extension CPU {
    /// y = (x - mean) rstd scale + shift, and the statistics. `variance` is written for channels.
    static func normalize(
        _ x: Block, _ scale: Block?, _ shift: Block?, _ sizes: NormalizationSizes, eps: Double,
        into y: Block, mean: Block, rstd: Block, variance: Block?
    ) throws(TensorError) {
        if x.numel == 0 { return }
        let dtype = y.dtype.computeType
        let (source, gamma, beta) = try (
            dense(x, dtype), dense(ifAny: scale, dtype), dense(ifAny: shift, dtype)
        )
        try writing(y, as: dtype) { target in
            switch (sizes, dtype) {
            case (.rows(let rows, let width), .float64):
                adj_layer_norm_forward_f64(
                    source.elements(), gamma?.elements(), beta?.elements(), target.elements(),
                    mean.elements(), rstd.elements(), rows, width, eps)
            case (.rows(let rows, let width), _):
                adj_layer_norm_forward_f32(
                    source.elements(), gamma?.elements(), beta?.elements(), target.elements(),
                    mean.elements(), rstd.elements(), rows, width, eps)
            case (.channels(let batch, let channels, let spatial), .float64):
                adj_batch_norm_forward_f64(
                    source.elements(), gamma?.elements(), beta?.elements(), target.elements(),
                    mean.elements(), variance?.elements(), rstd.elements(), batch, channels,
                    spatial, eps)
            case (.channels(let batch, let channels, let spatial), _):
                adj_batch_norm_forward_f32(
                    source.elements(), gamma?.elements(), beta?.elements(), target.elements(),
                    mean.elements(), variance?.elements(), rstd.elements(), batch, channels,
                    spatial, eps)
            }
        }
    }

    /// The gradients of `normalize`, each where there is a block for it.
    static func normalizeGradient(
        _ gradient: Block, _ x: Block, _ scale: Block?, mean: Block, rstd: Block,
        _ sizes: NormalizationSizes, into gx: Block?, _ gscale: Block?, _ gshift: Block?
    ) throws(TensorError) {
        if x.numel == 0 {
            for block in [gscale, gshift] { if let block { fill(block, .int(0)) } }
            return
        }
        let dtype = mean.dtype
        let (g, source, gamma) = try (
            dense(gradient, dtype), dense(x, dtype), dense(ifAny: scale, dtype)
        )
        func staged(_ block: Block?) throws(TensorError) -> Block? {
            guard let block, block.dtype != dtype else { return block }
            return try Block(scratch: block.sizes, dtype)
        }
        let (a, b, c) = try (staged(gx), staged(gscale), staged(gshift))
        switch (sizes, dtype) {
        case (.rows(let rows, let width), .float64):
            adj_layer_norm_backward_f64(
                g.elements(), source.elements(), gamma?.elements(), mean.elements(),
                rstd.elements(), a?.elements(), b?.elements(), c?.elements(), rows, width)
        case (.rows(let rows, let width), _):
            adj_layer_norm_backward_f32(
                g.elements(), source.elements(), gamma?.elements(), mean.elements(),
                rstd.elements(), a?.elements(), b?.elements(), c?.elements(), rows, width)
        case (.channels(let batch, let channels, let spatial), .float64):
            adj_batch_norm_backward_f64(
                g.elements(), source.elements(), gamma?.elements(), mean.elements(),
                rstd.elements(), a?.elements(), b?.elements(), c?.elements(), batch, channels,
                spatial)
        case (.channels(let batch, let channels, let spatial), _):
            adj_batch_norm_backward_f32(
                g.elements(), source.elements(), gamma?.elements(), mean.elements(),
                rstd.elements(), a?.elements(), b?.elements(), c?.elements(), batch, channels,
                spatial)
        }
        for (block, result) in [(gx, a), (gscale, b), (gshift, c)] {
            if let block, let result, block !== result { try copy(result, into: block) }
        }
    }
}
