import Foundation
import Testing

@testable import AdjointStudioCore
