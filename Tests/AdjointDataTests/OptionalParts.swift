import Foundation
import Testing

@testable import AdjointData

/// Tests that take a library of the system are skipped, with a word on what to install, where it
/// is missing; with ADJOINT_REQUIRE_ALL=1 they run, and fail.
extension Trait where Self == ConditionTrait {
    private static func needs(_ found: Bool, _ what: String) -> Self {
        let requiresAll = ProcessInfo.processInfo.environment["ADJOINT_REQUIRE_ALL"] == "1"
        return .enabled(if: found || requiresAll, "there is no \(what)")
    }

    static var needsZlib: Self { needs(Zlib.shared != nil, "zlib here: apt-get install zlib1g") }
    static var needsPNG: Self {
        needs(PNG.shared != nil, "libpng here: apt-get install libpng16-16")
    }
    static var needsJPEG: Self {
        needs(JPEG.shared != nil, "libjpeg-turbo here: apt-get install libturbojpeg0")
    }
}
