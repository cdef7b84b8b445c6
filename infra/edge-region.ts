/** AWS takes the firewall of a distribution from this region only, wherever everything else is. */
export const edgeRegion = 'us-east-1';
