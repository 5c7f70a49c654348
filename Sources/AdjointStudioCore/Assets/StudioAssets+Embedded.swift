import AdjointTrace
import Foundation

extension StudioAssets {
    /// The files that the program holds.
    static let embedded = StudioAssets { path in
        WebAsset.named(path).map { Data($0.text.utf8) }
    }
}
