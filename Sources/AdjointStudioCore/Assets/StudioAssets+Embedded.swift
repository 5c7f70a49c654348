import Foundation

extension StudioAssets {
    /// The files that the program holds.
    static let embedded = StudioAssets { _ in nil }
}
