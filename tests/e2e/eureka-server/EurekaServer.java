import com.netflix.eureka.Jersey3EurekaBootStrap;
import com.netflix.eureka.resources.EurekaServerContextBinder;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.EnumSet;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.servlet.ServletContainer;

/**
 * A real Eureka server on 127.0.0.1, one per JVM. System properties:
 * server.port; server.peers (comma-separated URLs, empty: none); server.credentials (user:password asked
 * for by HTTP basic authentication, empty: none); and any eureka.* property of Netflix's server.
 */
public final class EurekaServer {
  public static void main(String[] arguments) throws Exception {
    int port = Integer.getInteger("server.port");
    String peers = System.getProperty("server.peers", "");
    if (peers.isEmpty()) {
      // A URL whose host is this server's own instance host name is not a peer. With any other host
      // the server would replicate to itself and bring back what a test has just removed.
      peers = "http://" + InetAddress.getLocalHost().getHostName() + ":" + port + "/eureka/";
    }
    System.setProperty("eureka.serviceUrl.default", peers);
    System.setProperty("eureka.port", Integer.toString(port));

    Server server = new Server(new InetSocketAddress("127.0.0.1", port));
    ServletContextHandler context = new ServletContextHandler(server, "/");
    String credentials = System.getProperty("server.credentials", "");
    if (!credentials.isEmpty()) {
      context.addFilter(
          new FilterHolder(basicAuthentication(credentials)), "/*", EnumSet.of(DispatcherType.REQUEST));
    }
    context.addEventListener(new Jersey3EurekaBootStrap());
    ResourceConfig resources =
        new ResourceConfig()
            .packages("com.netflix.eureka.resources", "com.netflix.discovery.provider")
            .register(new EurekaServerContextBinder());
    context.addServlet(new ServletHolder(new ServletContainer(resources)), "/*");
    server.start();
    server.join();
  }

  private static Filter basicAuthentication(String credentials) {
    String expected = "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes());
    return (request, response, chain) -> {
      if (expected.equals(((HttpServletRequest) request).getHeader("Authorization"))) {
        chain.doFilter(request, response);
        return;
      }
      ((HttpServletResponse) response).setHeader("WWW-Authenticate", "Basic realm=\"eureka\"");
      ((HttpServletResponse) response).sendError(HttpServletResponse.SC_UNAUTHORIZED);
    };
  }
}
